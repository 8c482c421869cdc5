package cthelper.executor;

import cthelper.model.ObservedState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What this machine's executor tells Prometheus:
 *
 * <pre>
 * cthelper_apply_seconds_bucket{outcome="held|failed|superseded", le="0.0001"}
 * cthelper_namespaces{state="open|waiting"}
 * </pre>
 *
 * <p>One apply is reading the table, changing it if it has to, and reading it again, in one
 * namespace. Thread-safe.
 */
@ApplicationScoped
class ExecutorMetrics {

  private static final Duration[] BUCKETS = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(200_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofSeconds(1)
  };

  private final Timer held;
  private final Timer failed;
  private final Timer superseded;
  private volatile Supplier<NamespaceCounts> namespaces = () -> NamespaceCounts.NONE;

  ExecutorMetrics(MeterRegistry registry) {
    this.held = timer(registry, "held");
    this.failed = timer(registry, "failed");
    this.superseded = timer(registry, "superseded");
    gauge(registry, "open", NamespaceCounts::open);
    gauge(registry, "waiting", NamespaceCounts::waiting);
  }

  /**
   * Whom to ask for them from now on.
   *
   * @param counts asked at each scrape, from any thread
   */
  void namespaces(Supplier<NamespaceCounts> counts) {
    namespaces = counts;
  }

  void applied(ObservedState outcome, Duration took) {
    switch (outcome) {
      case ObservedState.Held _ -> held.record(took);
      case ObservedState.Failed _ -> failed.record(took);
      case ObservedState.Superseded _ -> superseded.record(took);
      case ObservedState.Gone _ -> {
        // nothing was applied
      }
    }
  }

  private void gauge(MeterRegistry registry, String state, ToIntFunction<NamespaceCounts> number) {
    Gauge.builder("cthelper.namespaces", () -> number.applyAsInt(namespaces.get()))
        .description("Router namespaces of this machine by what became of their names")
        .tag("state", state)
        .register(registry);
  }

  private static Timer timer(MeterRegistry registry, String outcome) {
    return Timer.builder("cthelper.apply")
        .description("One namespace: read, change if necessary, read again")
        .tag("outcome", outcome)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
