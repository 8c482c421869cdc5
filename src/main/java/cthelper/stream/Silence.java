package cthelper.stream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long nothing was heard of the other end of a stream. A killed process is noticed at once by
 * its closed connection; a frozen one, or a cut cable, only by this. Thread-safe.
 */
final class Silence {

  /** How often a node says something even if there is nothing to say; it is answered each time. */
  static final Duration PULSE = Duration.ofSeconds(5);

  /** Two pulses and their answers, and a moment. */
  static final Duration LIMIT = Duration.ofSeconds(12);

  /**
   * Nodes speak at the beat of the clock: a reconciler of a thousand that hears all of a beat one
   * after the other, and then nothing, needs less than one that is woken for each. Where clocks do
   * not agree nothing but that is lost.
   */
  private static final long BEAT_MILLIS = 1000;

  private final LongSupplier nanoTime;
  private volatile long heard;

  Silence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.heard = nanoTime.getAsLong();
  }

  /** Milliseconds until the first pulse, at this time of the clock. */
  static long firstPulse(long epochMillis) {
    return PULSE.toMillis() + BEAT_MILLIS - Math.floorMod(epochMillis, BEAT_MILLIS);
  }

  void heard() {
    heard = nanoTime.getAsLong();
  }

  boolean isTooLong() {
    return nanoTime.getAsLong() - heard > LIMIT.toNanos();
  }
}
