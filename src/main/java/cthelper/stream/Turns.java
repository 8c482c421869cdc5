package cthelper.stream;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Inventories are written down a few at a time, first come, first served. When a thousand nodes
 * come at once, since a replica was stopped, all at the same time would take so long that each of
 * them gave up and came again. Thread-safe.
 */
final class Turns {

  private static final int AT_A_TIME = 8;

  private final Semaphore free;
  private final Duration patience;

  Turns() {
    this(AT_A_TIME, Silence.PULSE);
  }

  Turns(int atATime, Duration patience) {
    this.free = new Semaphore(atATime, true);
    this.patience = patience;
  }

  /**
   * Does the work when its turn has come.
   *
   * @param waiting called again and again until then, as often as a node wants to hear something
   * @return what the work said; false if this thread was interrupted before
   */
  boolean take(Runnable waiting, BooleanSupplier work) {
    try {
      while (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        waiting.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      return work.getAsBoolean();
    } finally {
      free.release();
    }
  }
}
