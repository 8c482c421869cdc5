package cthelper.executor;

import java.time.Duration;

/**
 * How often a namespace that cannot be entered is tried again: at first in milliseconds, since one
 * that is just being made is ready in a moment, then half as often each time, down to once a
 * minute.
 *
 * @param first pause after the first try
 * @param forDescriptors pause while this process may not open more files
 */
record EntryPace(Duration first, Duration forDescriptors) {

  static final EntryPace NORMAL = new EntryPace(Duration.ofNanos(500_000), Duration.ofSeconds(1));

  private static final Duration LONGEST = Duration.ofMinutes(1);

  /**
   * The pause after so many tries.
   *
   * @param tries from 1
   */
  Duration after(int tries) {
    Duration pause = first.multipliedBy(1L << Math.min(tries - 1, 30));
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }
}
