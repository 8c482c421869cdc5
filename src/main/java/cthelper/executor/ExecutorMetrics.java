package cthelper.executor;

import cthelper.model.ObservedState;
import cthelper.model.Quoted;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What this machine's executor tells Prometheus:
 *
 * <pre>
 * cthelper_apply_seconds_bucket{outcome="held|failed|superseded", le="0.0001"}
 * cthelper_namespaces{state="open|waiting"}
 * cthelper_drift_repairs_total{program="nft"}      changes of our tables by others, repaired
 * cthelper_drift_last_pid{program="nft"}           who made the last one
 * cthelper_revoke_seconds, cthelper_revoked_connections_total
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

  /** Programs choose their names themselves: no more than this many labels. */
  private static final int MOST_PROGRAMS = 20;

  private final MeterRegistry registry;
  private final Map<String, AtomicLong> lastPids = new ConcurrentHashMap<>();
  private final Timer revoke;
  private final Counter revoked;

  ExecutorMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.revoke =
        Timer.builder("cthelper.revoke")
            .description("One namespace: looking for connections with a removed helper")
            .register(registry);
    this.revoked =
        Counter.builder("cthelper.revoked.connections")
            .description("Live connections that a removed helper was taken off")
            .register(registry);
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

  /** A change of our table by somebody else was repaired. */
  void repaired(Tampering drift) {
    String program = label(drift.program());
    registry.counter("cthelper.drift.repairs", "program", program).increment();
    lastPids.computeIfAbsent(program, this::lastPid).set(drift.pid());
  }

  private String label(String name) {
    String program = name.isEmpty() ? "unknown" : Quoted.of(name);
    return lastPids.containsKey(program) || lastPids.size() < MOST_PROGRAMS ? program : "others";
  }

  private AtomicLong lastPid(String program) {
    AtomicLong pid = new AtomicLong();
    Gauge.builder("cthelper.drift.last.pid", pid::doubleValue)
        .description("Process that made the last change of our tables which was repaired")
        .tag("program", program)
        .register(registry);
    return pid;
  }

  /** One look for connections with a removed helper. */
  void revoked(int connections, Duration took) {
    revoke.record(took);
    revoked.increment(connections);
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
