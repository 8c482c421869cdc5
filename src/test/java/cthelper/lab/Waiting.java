package cthelper.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition, with a deadline: for what also runs without the test libraries, as the
 * demo does. Tests themselves say it with Awaitility.
 */
public final class Waiting {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private Waiting() {}

  /**
   * Returns as soon as the condition holds.
   *
   * @param what for a person, for example {@code the service is ready}
   * @throws IllegalStateException when it does not hold within the limit
   */
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within %d s: %s".formatted(limit.toSeconds(), what));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
