package cthelper.executor;

import cthelper.model.DriftRepairs;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.Verdict;
import cthelper.netfilter.ForeignAssignment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one open namespace so far: what it held, what was told of it, what others did.
 * Lives and dies with the namespace's socket. Used by the one thread that works for the namespace,
 * but for {@link #pace}.
 */
final class NamespaceHistory {

  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

  private final Clock clock;
  private final DriftPace pace;
  private @Nullable Held held;
  private @Nullable Held told;
  private @Nullable List<ForeignAssignment> others;
  private List<ForeignAssignment> legacy = List.of();
  private int failures;
  private int unreportedRepairs;
  private Tampering lastRepaired = Tampering.UNSEEN;
  private Instant reported = Instant.MIN;

  NamespaceHistory(Clock clock) {
    this.clock = clock;
    this.pace = new DriftPace(clock);
  }

  /** How fast drift is repaired here. From any thread. */
  DriftPace pace() {
    return pace;
  }

  /**
   * The kernel holds this now.
   *
   * @return whether that had to be restored, since it held just the same before
   */
  boolean holds(Held now) {
    boolean restored = now.changed() && held != null && isSame(held, now);
    held = now;
    return restored;
  }

  /**
   * It failed to hold what it held before.
   *
   * @return the same verdicts, all refused; empty when it was another state that failed
   */
  Optional<Held> lost(Failed failed) {
    if (held == null || !held.fence().equals(failed.desired())) {
      return Optional.empty();
    }
    Held refused = held.refusedAs(failed.reason(), failed.detail());
    return Optional.of(new Held(refused.fence(), refused.verdicts(), false));
  }

  /** It could not be made so; returns how long to wait before the next try. */
  Duration failed() {
    Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 16));
    failures++;
    return delay.compareTo(LONGEST_RETRY) < 0 ? delay : LONGEST_RETRY;
  }

  /** It is all as it should be, on live connections too. */
  void succeeded() {
    failures = 0;
  }

  /** How often in a row it could not be made so. */
  int failures() {
    return failures;
  }

  /** Whether telling this would be news. */
  boolean isNews(Held outcome) {
    return told == null || !isSame(told, outcome);
  }

  /** The reconciler has taken this, or something that is no {@code Held}. */
  void told(@Nullable Held outcome) {
    told = outcome;
  }

  /** Assignments of others that come before ours, as last read; empty when never read. */
  Optional<List<ForeignAssignment>> others() {
    return Optional.ofNullable(others);
  }

  void others(List<ForeignAssignment> read) {
    others = List.copyOf(read);
  }

  /** Those among them that are of iptables-legacy, as last read. */
  List<ForeignAssignment> legacy() {
    return legacy;
  }

  void legacy(List<ForeignAssignment> read) {
    legacy = List.copyOf(read);
  }

  /** A drift was repaired. */
  void repaired(Tampering drift) {
    unreportedRepairs++;
    lastRepaired = drift;
  }

  /** What has not been reported of that; empty when there is nothing. */
  Optional<DriftRepairs> unreported() {
    return unreportedRepairs == 0
        ? Optional.empty()
        : Optional.of(
            new DriftRepairs(
                unreportedRepairs,
                lastRepaired.what(),
                lastRepaired.program(),
                lastRepaired.pid()));
  }

  /** Whether a report may be sent: the last one was not a moment ago. */
  boolean mayReport() {
    return !reported.plus(BETWEEN_REPORTS).isAfter(clock.instant());
  }

  /** All of it has been reported. */
  void reported() {
    unreportedRepairs = 0;
    reported = clock.instant();
  }

  private static boolean isSame(Held one, Held other) {
    return one.fence().equals(other.fence()) && sorted(one).equals(sorted(other));
  }

  private static List<Verdict> sorted(Held held) {
    return held.verdicts().stream().sorted(Comparator.comparing(Verdict::helper)).toList();
  }
}
