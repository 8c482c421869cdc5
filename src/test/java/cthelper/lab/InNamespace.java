package cthelper.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs work inside a network namespace, on a platform thread made for it that ends afterwards.
 *
 * <p>A socket belongs to the namespace of the thread that created it, for good, and may then be
 * used from any thread. So most work inside is one line: {@code SocketChannel::open}. (A {@code new
 * Socket()} creates its socket only when it connects or binds: do that inside too.)
 *
 * <p>A thread started from inside is born inside and keeps the namespace alive: start no program,
 * no virtual thread and no pool there.
 */
public final class InNamespace {

  private static final NamespaceCalls CALLS = NamespaceCalls.load();
  private static final ScopedValue<Path> INSIDE = ScopedValue.newInstance();

  private InNamespace() {}

  /**
   * The result of the work, done inside the namespace of this file.
   *
   * @throws IllegalStateException with the cause when the namespace cannot be entered or the work
   *     throws a checked exception, or with the place where it hangs when it needs longer than the
   *     limit; unchecked exceptions come through as they are
   */
  public static <T> T call(Path namespace, Duration limit, Callable<T> work) {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          CALLS.enter(namespace);
          return ScopedValue.where(INSIDE, namespace).call(work::call);
        });
    Thread thread = Thread.ofPlatform().daemon().name("inside " + namespace).unstarted(task);
    thread.start();
    try {
      T result = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      thread.join(limit);
      return result;
    } catch (ExecutionException failure) {
      throw unchecked(namespace, failure);
    } catch (TimeoutException tooLate) {
      IllegalStateException late =
          new IllegalStateException(
              "inside %s: not done after %s".formatted(namespace, limit), tooLate);
      Throwable place = new Throwable("it hangs here");
      place.setStackTrace(thread.getStackTrace());
      late.addSuppressed(place);
      thread.interrupt();
      throw late;
    } catch (InterruptedException interruption) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("inside %s: interrupted".formatted(namespace), interruption);
    }
  }

  /** Throws when the calling thread is inside a namespace. */
  static void refuseInside(String what) {
    if (INSIDE.isBound()) {
      throw new IllegalStateException(
          "%s started inside %s would leave threads there: do it outside"
              .formatted(what, INSIDE.get()));
    }
  }

  private static RuntimeException unchecked(Path namespace, ExecutionException failure) {
    return switch (failure.getCause()) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      case null, default ->
          new IllegalStateException(
              "inside %s: %s".formatted(namespace, failure.getMessage()), failure.getCause());
    };
  }
}
