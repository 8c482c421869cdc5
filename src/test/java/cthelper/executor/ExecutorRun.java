package cthelper.executor;

import static org.awaitility.Awaitility.await;

import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.executor.RecordedReports.Report.Observed;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.testing.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** One run of this machine's executor, with a reconciler that keeps what it is told. */
final class ExecutorRun implements AutoCloseable {

  private final LocalExecutor executor;
  private final ObservedCalls calls = new ObservedCalls();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordedReports reports = new RecordedReports();

  private ExecutorRun(Path files, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("cthelper.data-dir", files.toString());
    executor = new LocalExecutor(TestSettings.of(all), new ExecutorMetrics(meters), calls.calls());
  }

  /** Opened, but nobody can be asked yet. */
  static ExecutorRun alone(Path files, Map<String, String> settings, UUID installation) {
    ExecutorRun run = new ExecutorRun(files, settings);
    run.executor.open(Optional.of(installation));
    return run;
  }

  static ExecutorRun alone(Path files, Map<String, String> settings) {
    return alone(files, settings, Plan.INSTALLATION);
  }

  /** Opened and connected; {@code settings} are properties and their values in turn. */
  static ExecutorRun connected(Path files, String... settings) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    ExecutorRun run = alone(files, map);
    run.connect();
    return run;
  }

  void connect() {
    executor.connect(reports);
    reports.awaitOne(Connected.class, any -> true);
  }

  LocalExecutor executor() {
    return executor;
  }

  ObservedCalls calls() {
    return calls;
  }

  RecordedReports reports() {
    return reports;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  Placement placement(RouterId router) {
    return new Placement(router, executor.identity().id(), "qrouter-" + router);
  }

  /** Desires these helpers at this fence and waits until they are held. */
  Held hold(RouterId router, long number, DesiredHelper... helpers) {
    Fence fence = Plan.fence(number);
    int before = reports.all(Observed.class).size();
    executor.desire(placement(router), new DesiredState(router, fence, List.of(helpers)));
    return awaitHeld(before, held -> held.fence().equals(fence));
  }

  /** Waits for an answer of this kind that came after the first {@code before}. */
  Held awaitHeld(int before, Predicate<Held> wanted) {
    return await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                reports.all(Observed.class).stream()
                    .skip(before)
                    .map(Observed::state)
                    .filter(Held.class::isInstance)
                    .map(Held.class::cast)
                    .filter(wanted)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  int answers() {
    return reports.all(Observed.class).size();
  }

  @Override
  public void close() {
    executor.close();
  }
}
