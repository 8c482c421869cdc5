package cthelper.executor;

import cthelper.model.Placement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Work for namespaces on a few platform threads: one at a time for each placement, many placements
 * side by side; errands that wait for one placement become one. What is {@linkplain Errand#isUrgent
 * urgent} goes first: a repair does not wait until all namespaces of the node were looked at.
 *
 * <p>Threads are plain platform threads because a netlink send may hold its thread in the kernel
 * for 16 ms. Thread-safe.
 */
final class Lanes implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Lanes.class);

  private final Map<Placement, Errand> waiting = new ConcurrentHashMap<>();

  /** Whose turns are in the queue, and whether urgently. */
  private final Map<Placement, Boolean> queued = new ConcurrentHashMap<>();

  private final Set<Placement> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong turns = new AtomicLong();
  private final ThreadPoolExecutor threads;
  private final BiConsumer<Placement, Errand> work;

  /** A placement's place in the queue. That of an errand already done does nothing. */
  private record Turn(boolean urgent, long number, Runnable work)
      implements Runnable, Comparable<Turn> {

    @Override
    public void run() {
      work.run();
    }

    @Override
    public int compareTo(Turn other) {
      int urgentFirst = Boolean.compare(other.urgent, urgent);
      return urgentFirst != 0 ? urgentFirst : Long.compare(number, other.number);
    }
  }

  /**
   * @param work done for one placement by one thread at a time
   */
  Lanes(int parallel, BiConsumer<Placement, Errand> work) {
    this.threads =
        new ThreadPoolExecutor(
            parallel,
            parallel,
            0,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            Thread.ofPlatform().name("apply-", 1).factory());
    this.work = work;
  }

  /** Returns at once. After {@link #close} nothing is taken any more. */
  void add(Placement placement, Errand errand) {
    waiting.merge(placement, errand, Errand::and);
    schedule(placement);
  }

  /** Whoever works for it schedules again at the end. */
  private void schedule(Placement placement) {
    Errand next = waiting.get(placement);
    if (next != null && !running.contains(placement)) {
      queued.compute(placement, (_, urgently) -> queue(placement, urgently, next.isUrgent()));
    }
  }

  private @Nullable Boolean queue(Placement placement, @Nullable Boolean urgently, boolean urgent) {
    if (urgently != null && (urgently || !urgent)) {
      return urgently;
    }
    try {
      threads.execute(new Turn(urgent, turns.getAndIncrement(), () -> drain(placement)));
      return urgent;
    } catch (RejectedExecutionException e) {
      return null; // closing
    }
  }

  private void drain(Placement placement) {
    queued.remove(placement);
    if (!running.add(placement)) {
      return;
    }
    Errand next = waiting.remove(placement);
    try {
      if (next != null) {
        work.accept(placement, next);
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "not done router=%s namespace=%s", placement.router(), placement.namespace());
    } finally {
      running.remove(placement);
      schedule(placement);
    }
  }

  /** Lets running work end, for at most three seconds; what waits is dropped. */
  @Override
  public void close() {
    waiting.clear();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(3, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
