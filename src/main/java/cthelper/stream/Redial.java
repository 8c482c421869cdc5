package cthelper.stream;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before dialling again: short at first, twice as long with every round in which
 * nobody was there, up to {@link #LONGEST}; never the same for two nodes that lost one reconciler.
 *
 * @param addresses how many are tried in turn; 1 and up
 */
record Redial(int addresses, RandomGenerator random) {

  static final Duration SHORTEST = Duration.ofMillis(250);
  static final Duration LONGEST = Duration.ofSeconds(3);

  /** For one whose id another process uses as well: they are not to take turns too fast. */
  static final Duration AFTER_DISMISSAL = Duration.ofSeconds(3);

  /**
   * @param failures how often in a row nobody was there
   */
  Duration after(int failures) {
    int rounds = Math.min(failures / addresses, 10);
    Duration most = SHORTEST.multipliedBy(1L << rounds);
    return atMost(most.compareTo(LONGEST) < 0 ? most : LONGEST);
  }

  Duration afterDismissal() {
    return AFTER_DISMISSAL.plus(atMost(AFTER_DISMISSAL));
  }

  private Duration atMost(Duration most) {
    return Duration.ofMillis(random.nextLong(most.toMillis() / 2, most.toMillis() + 1));
  }
}
