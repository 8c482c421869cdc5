package cthelper.executor;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One thread for tasks of one kind: they run one after the other, now or later. What a task throws
 * is logged; the thread goes on. After {@link #close} nothing runs any more. Thread-safe.
 */
final class TaskThread implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TaskThread.class);
  private static final Duration LONGEST_TASK = Duration.ofSeconds(2);

  private final String name;
  private final ScheduledThreadPoolExecutor executor;

  /**
   * @param name of the thread, as logs and thread dumps show it
   */
  TaskThread(String name) {
    this.name = name;
    this.executor = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).factory());
    this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs the task after those that wait already; from any thread. */
  void run(Runnable task) {
    runAfter(Duration.ZERO, task);
  }

  /** Runs the task when the time has passed; from any thread. */
  void runAfter(Duration delay, Runnable task) {
    try {
      var _ = executor.schedule(() -> logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debugf("closing: a task of thread %s is not done any more", name);
    }
  }

  private void logged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | LinkageError e) { // a class that cannot be loaded for now
      LOG.errorf(e, "a task of thread %s was not done", name);
    }
  }

  /** Drops what waits and lets the running task end; interrupted, it could not write its file. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(LONGEST_TASK.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warnf("a task of thread %s is still being done", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
