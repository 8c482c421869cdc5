package cthelper.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying a failed placement again: doubles from 0.5 s to 60 s, give or take
 * a fifth, so that a thousand placements that failed together do not come back together.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final double JITTER = 0.2;

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The wait after this many failed attempts in a row.
   *
   * @param attempts 1 and up; what is below counts as 1
   */
  Duration after(int attempts) {
    int doublings = Math.min(Math.max(attempts, 1) - 1, 10);
    long millis = Math.min(FIRST.toMillis() << doublings, LONGEST.toMillis());
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.round(millis * factor));
  }
}
