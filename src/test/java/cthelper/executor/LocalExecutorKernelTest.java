package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cthelper.config.CtHelperConfig;
import cthelper.executor.RecordedReports.Report.Appeared;
import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.executor.RecordedReports.Report.Disconnected;
import cthelper.executor.RecordedReports.Report.Observed;
import cthelper.executor.RecordedReports.Report.Vanished;
import cthelper.lab.PrivateNetns;
import cthelper.model.DesiredState;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.testing.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the reconciler desires is done in this machine's namespaces and answered, whatever comes.
 */
@ExtendWith(PrivateNetns.class)
@Timeout(60)
class LocalExecutorKernelTest {

  @TempDir Path files;
  private final RouterId router = RouterId.random();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private CtHelperConfig settings;
  private LocalExecutor executor;

  /** As after a restart of the process. */
  @BeforeEach
  void begin() {
    settings =
        TestSettings.of(
            Map.of("cthelper.data-dir", files.toString(), "cthelper.node-name", "node-1"));
    executor = new LocalExecutor(settings, new ExecutorMetrics(meters));
  }

  @AfterEach
  void close() {
    executor.close();
  }

  private <T extends RecordedReports> T connect(T reports) {
    executor.open();
    executor.connect(reports);
    reports.awaitOne(Connected.class, any -> true);
    return reports;
  }

  private Placement placement() {
    return new Placement(router, executor.identity().id(), "qrouter-" + router);
  }

  private DesiredState desired(long number) {
    return new DesiredState(router, fence(number), List.of(helper(FTP, 21)));
  }

  private static Held held(Observed answer) {
    assertThat(answer.state()).isInstanceOf(Held.class);
    return (Held) answer.state();
  }

  @Test
  void whatIsDesiredIsInTheKernelWhenItIsAnswered() {
    try (RouterNetns netns = RouterNetns.create(router)) {
      RecordedReports reports = connect(new RecordedReports());
      executor.desire(placement(), desired(1));
      Observed answer = reports.awaitOne(Observed.class, any -> true);
      assertThat(answer.placement()).isEqualTo(placement());
      assertThat(held(answer).changed()).isTrue();
      assertThat(netns.ruleset()).contains("tcp . 21 comment");
    }
  }

  @Test
  void namesThatAreNotOpenAreCountedAndKeepNobodyFromBeingReady() throws IOException {
    Path file = Files.createFile(RouterNetns.DIRECTORY.resolve("snat-" + router));
    try (RouterNetns netns = RouterNetns.create(router)) {
      ExecutorHealth health = new ExecutorHealth(settings, executor);
      connect(new RecordedReports());
      await().until(() -> executor.namespaceCounts().equals(new NamespaceCounts(1, 1)));
      assertThat(health.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
      assertThat(health.call().getData()).contains(Map.of("namespaces", 1L, "waiting", 1L));
      assertThat(namespaces("open")).isEqualTo(1);
      assertThat(namespaces("waiting")).isEqualTo(1);
      netns.delete();
      Files.delete(file);
      await().until(() -> executor.namespaceCounts().equals(NamespaceCounts.NONE));
      assertThat(namespaces("open") + namespaces("waiting")).isZero();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private double namespaces(String state) {
    return meters.get("cthelper.namespaces").tag("state", state).gauge().value();
  }

  @Test
  void aNamespaceThatIsNotHereIsGone() {
    RecordedReports reports = connect(new RecordedReports());
    executor.desire(placement(), desired(1));
    assertThat(reports.awaitOne(Observed.class, any -> true))
        .isEqualTo(new Observed(placement(), new Gone()));
  }

  /** It begins the next namespace of the name while it is being told about the first one. */
  private final class BusyReconciler extends RecordedReports {

    private final RouterNetns first;

    BusyReconciler(RouterNetns first) {
      this.first = first;
    }

    @Override
    public void observed(Placement placement, ObservedState state) {
      if (all(Observed.class).isEmpty()) {
        first.delete();
        await().until(() -> executor.summary().namespaces().isEmpty());
        RouterNetns.create(router);
      }
      super.observed(placement, state);
    }
  }

  /** Else the reconciler would take the new namespace, which is empty, for a proven one. */
  @Test
  void whatWasFoundInANamespaceIsNeverToldAfterTheNextOneOfItsName() {
    try (RouterNetns first = RouterNetns.create(router)) {
      BusyReconciler reports = connect(new BusyReconciler(first));
      executor.desire(placement(), desired(1));
      reports.awaitOne(Appeared.class, any -> true);
      assertThat(reports.all().stream().map(Object::getClass).map(Class::getSimpleName).toList())
          .as("what is found in the next one may be told at any time")
          .containsSubsequence("Connected", "Observed", "Vanished", "Appeared");
      assertThat(reports.all(Vanished.class)).hasSize(1);
    }
  }

  @Test
  void aNamespaceMadeAnewIsFilledAgain() {
    try (RouterNetns first = RouterNetns.create(router)) {
      RecordedReports reports = connect(new RecordedReports());
      executor.desire(placement(), desired(1));
      reports.awaitOne(Observed.class, any -> true);
      first.delete();
      try (RouterNetns second = RouterNetns.create(router)) {
        reports.awaitOne(Appeared.class, any -> true);
        await().until(() -> reports.all(Observed.class).size() == 2);
        assertThat(held(reports.all(Observed.class).getLast()).verdicts())
            .singleElement()
            .matches(Verdict::proven);
        executor.desire(placement(), desired(1));
        await().until(() -> reports.all(Observed.class).size() == 3);
        assertThat(held(reports.all(Observed.class).getLast()).changed()).isFalse();
        assertThat(second.ruleset()).contains("tcp . 21 comment");
      }
    }
  }

  @Test
  void closingLeavesTheTablesAndSaysGoodbye() {
    try (RouterNetns netns = RouterNetns.create(router)) {
      RecordedReports reports = connect(new RecordedReports());
      executor.desire(placement(), desired(1));
      reports.awaitOne(Observed.class, any -> true);
      executor.close();
      assertThat(netns.ruleset()).contains("tcp . 21 comment");
      assertThat(reports.all().getLast()).isEqualTo(new Disconnected());
    }
  }

  @Test
  void theNodeKeepsItsIdOverARestart() {
    connect(new RecordedReports());
    var identity = executor.identity();
    executor.close();
    begin();
    connect(new RecordedReports());
    assertThat(executor.identity()).isEqualTo(identity);
  }

  @Test
  void anUnreadableNodeIdIsSaidAndNothingStaysOpen() throws Exception {
    Path id = files.resolve("node/id");
    Files.createDirectories(id.getParent());
    Files.writeString(id, "garbage");
    assertThatThrownBy(() -> executor.open())
        .isInstanceOf(ExecutorUnavailable.class)
        .hasMessage(
            "executor: this node's files cannot be used: "
                + id
                + " does not hold a UUID: restore or remove it");
    Files.delete(id);
    connect(new RecordedReports());
    assertThat(executor.identity().name()).isEqualTo("node-1");
  }
}
