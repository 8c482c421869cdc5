package cthelper.executor;

import cthelper.model.Placement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Work for namespaces on a few platform threads: one at a time for each placement, many placements
 * side by side; errands that wait for one placement become one.
 *
 * <p>Threads are plain platform threads because a netlink send may hold its thread in the kernel
 * for 16 ms. Thread-safe.
 */
final class Lanes implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Lanes.class);

  private final Map<Placement, Errand> waiting = new ConcurrentHashMap<>();
  private final Map<Placement, Boolean> busy = new ConcurrentHashMap<>();
  private final ExecutorService threads;
  private final BiConsumer<Placement, Errand> work;

  /**
   * @param work done for one placement by one thread at a time
   */
  Lanes(int parallel, BiConsumer<Placement, Errand> work) {
    this.threads =
        Executors.newFixedThreadPool(parallel, Thread.ofPlatform().name("apply-", 1).factory());
    this.work = work;
  }

  /** Returns at once. After {@link #close} nothing is taken any more. */
  void add(Placement placement, Errand errand) {
    waiting.merge(placement, errand, Errand::and);
    schedule(placement);
  }

  private void schedule(Placement placement) {
    if (busy.putIfAbsent(placement, true) == null) {
      try {
        threads.execute(() -> drain(placement));
      } catch (RejectedExecutionException e) {
        busy.remove(placement); // closing
      }
    }
  }

  private void drain(Placement placement) {
    Errand next = waiting.remove(placement);
    try {
      if (next != null) {
        work.accept(placement, next);
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "not done router=%s namespace=%s", placement.router(), placement.namespace());
    } finally {
      busy.remove(placement);
      // What was added between the two removals found the lane busy and relies on us.
      if (waiting.containsKey(placement)) {
        schedule(placement);
      }
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
