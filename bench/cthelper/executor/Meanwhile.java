package cthelper.executor;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work on a thread of its own while something else is done. Not on the common pool, which has one
 * thread on two processors, and which the JDK needs to tell that a process has ended.
 */
final class Meanwhile<T> {

  private final FutureTask<T> task;

  private Meanwhile(Callable<T> work) {
    task = new FutureTask<>(work);
  }

  static <T> Meanwhile<T> start(Callable<T> work) {
    Meanwhile<T> meanwhile = new Meanwhile<>(work);
    Thread.ofPlatform().name("meanwhile").start(meanwhile.task);
    return meanwhile;
  }

  /** Waits for what came of it. */
  T result() {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
