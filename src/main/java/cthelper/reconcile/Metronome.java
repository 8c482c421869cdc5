package cthelper.reconcile;

import java.time.Duration;

/**
 * Tells when something that is done at intervals is to be done again. Not the wall clock: when that
 * is set back a node would seem dead for as long. For one thread.
 */
final class Metronome {

  private final long intervalNanos;
  private long lastNanos;

  /** Beats at once, then once an interval. */
  Metronome(Duration interval) {
    intervalNanos = interval.toNanos();
    lastNanos = System.nanoTime() - intervalNanos;
  }

  /** True once for each interval that has passed since it last was. */
  boolean beats() {
    long now = System.nanoTime();
    if (now - lastNanos < intervalNanos) {
      return false;
    }
    lastNanos = now;
    return true;
  }
}
