package cthelper.reconcile;

import cthelper.model.ObservedState;
import cthelper.store.PlacementState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What reconciling tells Prometheus:
 *
 * <pre>
 * cthelper_commit_to_proven_seconds_bucket{le="0.01"}  change committed -> kernel read back
 * cthelper_answers_total{outcome="held|failed|superseded|gone", reason="..."}
 * cthelper_helpers_refused_total{reason="..."}         helpers left out of an answer
 * cthelper_placements{state="proven|pending|refused|failed|unreachable"}
 * </pre>
 *
 * <p>{@code reason} is a code of {@link cthelper.model.Reason}, or {@code none}. Thread-safe.
 */
@ApplicationScoped
class ReconcileMetrics {

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final Timer commitToProven;

  /** Empty while the database cannot be asked: then the gauges have no value. */
  private volatile @Nullable Map<PlacementState, Long> census;

  ReconcileMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.commitToProven =
        Timer.builder("cthelper.commit.to.proven")
            .description("From the commit of a change until a placement's kernel was read back")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    for (PlacementState state : PlacementState.values()) {
      Gauge.builder("cthelper.placements", () -> count(state))
          .description("Placements of known routers, as the database has them")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  void proven(Duration sinceCommit) {
    commitToProven.record(sinceCommit);
  }

  void answered(ObservedState state) {
    switch (state) {
      case ObservedState.Held held -> {
        countAnswer("held", "none");
        held.verdicts().stream()
            .flatMap(verdict -> verdict.whyNot().stream())
            .forEach(reason ->
                registry.counter("cthelper.helpers.refused", "reason", reason.code()).increment());
      }
      case ObservedState.Failed failed -> countAnswer("failed", failed.reason().code());
      case ObservedState.Superseded superseded -> countAnswer("superseded", "none");
      case ObservedState.Gone gone -> countAnswer("gone", "none");
    }
  }

  /** What the database says now; null when it cannot be asked. */
  void placements(@Nullable Map<PlacementState, Long> now) {
    census = now;
  }

  private void countAnswer(String outcome, String reason) {
    registry.counter("cthelper.answers", "outcome", outcome, "reason", reason).increment();
  }

  private Double count(PlacementState state) {
    Map<PlacementState, Long> known = census;
    return known == null ? Double.NaN : known.getOrDefault(state, 0L).doubleValue();
  }
}
