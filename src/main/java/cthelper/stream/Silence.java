package cthelper.stream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long nothing was heard of the other end of a stream. A killed process is noticed at once by
 * its closed connection; a frozen one, or a cut cable, only by this. Thread-safe.
 */
final class Silence {

  /** How often a node says something even if there is nothing to say; it is answered each time. */
  static final Duration PULSE = Duration.ofSeconds(4);

  /** Two pulses and their answers, and a moment. */
  static final Duration LIMIT = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private volatile long heard;

  Silence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.heard = nanoTime.getAsLong();
  }

  void heard() {
    heard = nanoTime.getAsLong();
  }

  boolean isTooLong() {
    return nanoTime.getAsLong() - heard > LIMIT.toNanos();
  }
}
