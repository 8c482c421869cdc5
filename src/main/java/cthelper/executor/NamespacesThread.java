package cthelper.executor;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The one thread that owns the list of namespaces: tasks run one after the other, now or later.
 * What a task throws is logged; the thread goes on. After {@link #close} nothing runs any more.
 */
final class NamespacesThread implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(NamespacesThread.class);
  private static final Duration LONGEST_TASK = Duration.ofSeconds(2);

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("namespaces").factory());

  /** Runs the task after those that wait already; from any thread. */
  void run(Runnable task) {
    runAfter(Duration.ZERO, task);
  }

  /** Runs the task when the time has passed; from any thread. */
  void runAfter(Duration delay, Runnable task) {
    try {
      var _ = executor.schedule(() -> logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing: a change of the namespaces is not looked at any more");
    }
  }

  private static void logged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | LinkageError e) { // a class that cannot be loaded for now
      LOG.error("a change of the namespaces was not handled", e);
    }
  }

  /** Drops what waits and lets the running task end. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(LONGEST_TASK.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a change of the namespaces is still being handled");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
