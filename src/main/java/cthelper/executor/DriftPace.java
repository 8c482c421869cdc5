package cthelper.executor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How fast the drift of one namespace is repaired. The first {@value #AT_ONCE} repairs within ten
 * seconds are immediate. Who changes our table more often than that is stubborn: his changes are
 * undone after a pause that doubles up to a second, and he is named until thirty seconds are quiet.
 * Repairing never stops. Thread-safe.
 */
final class DriftPace {

  static final int AT_ONCE = 20;
  static final Duration QUIET = Duration.ofSeconds(30);
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Clock clock;
  private final Deque<Instant> recent = new ArrayDeque<>();
  private Duration pause = Duration.ZERO;
  private @Nullable Tampering stubborn;
  private Instant last = Instant.MIN;

  DriftPace(Clock clock) {
    this.clock = clock;
  }

  /** How long to wait until a drift that was noticed now is repaired. */
  synchronized Duration pause() {
    forgetOld();
    return pause;
  }

  /**
   * A drift was repaired.
   *
   * @return whether its author has become stubborn by that
   */
  synchronized boolean repaired(Tampering drift) {
    forgetOld();
    Instant now = clock.instant();
    last = now;
    recent.add(now);
    boolean wasStubborn = stubborn != null;
    if (recent.size() > AT_ONCE || wasStubborn) {
      stubborn = drift;
      Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
    return stubborn != null && !wasStubborn;
  }

  /** Who keeps changing our table; empty when nobody does, or nobody did for thirty seconds. */
  synchronized Optional<Tampering> stubborn() {
    forgetOld();
    return Optional.ofNullable(stubborn);
  }

  /** How long until {@link #stubborn} may be nobody. */
  synchronized Duration untilQuiet() {
    return stubborn == null ? Duration.ZERO : Duration.between(clock.instant(), last.plus(QUIET));
  }

  private void forgetOld() {
    Instant now = clock.instant();
    while (!recent.isEmpty() && recent.peek().isBefore(now.minus(WINDOW))) {
      recent.remove();
    }
    if (stubborn != null && !last.plus(QUIET).isAfter(now)) {
      stubborn = null;
      pause = Duration.ZERO;
    }
  }
}
