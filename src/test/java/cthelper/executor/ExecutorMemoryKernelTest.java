package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.OTHER_INSTALLATION;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.executor.RecordedReports.Report.Observed;
import cthelper.executor.RecordedReports.Report.Unclaimed;
import cthelper.lab.PrivateNetns;
import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.node.NodeNamespace;
import cthelper.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A node knows by itself what its namespaces are to hold: nobody has to be there to ask. */
@ExtendWith(PrivateNetns.class)
@Timeout(60)
class ExecutorMemoryKernelTest {

  @TempDir Path files;
  private final RouterId router = RouterId.random();

  private static void awaitTable(RouterNetns netns, boolean there) {
    await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> {
          if (there) {
            assertThat(netns.ruleset()).contains("tcp . 21 comment");
          } else {
            assertThat(netns.ruleset()).isEmpty();
          }
        });
  }

  private void holdOnce() {
    try (RouterNetns first = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files)) {
      run.hold(router, 1, helper(FTP, 21));
      awaitTable(first, true);
    }
  }

  @Test
  void afterARestartNamespacesAreRestoredBeforeAnybodyIsAsked() {
    holdOnce();
    try (RouterNetns second = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.alone(files, Map.of())) {
      awaitTable(second, true);
      run.connect();
      assertThat(run.hold(router, 1, helper(FTP, 21)).changed()).isFalse();
    }
  }

  @Test
  void aNamespaceThatReappearsIsRestoredWhileNobodyListens() {
    try (RouterNetns first = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files)) {
      run.hold(router, 1, helper(FTP, 21));
      first.delete();
      await().until(() -> run.executor().summary().namespaces().isEmpty());
      try (RouterNetns second = RouterNetns.create(router)) {
        awaitTable(second, true); // the recorded reconciler has asked for nothing
      }
    }
  }

  @Test
  void aTableThatWasTakenAwayWhileTheServiceWasDownIsRestoredAtTheStart() {
    try (RouterNetns netns = RouterNetns.create(router)) {
      try (ExecutorRun run = ExecutorRun.connected(files)) {
        run.hold(router, 1, helper(FTP, 21));
      }
      netns.nft("delete table inet conntrack_helpers");
      try (ExecutorRun run = ExecutorRun.alone(files, Map.of())) {
        awaitTable(netns, true);
        assertThat(run.calls().commits()).isEqualTo(1);
      }
    }
  }

  @Test
  void whatAnotherInstallationDesiredIsNotRestored() {
    holdOnce();
    try (RouterNetns second = RouterNetns.create(router);
        CapturedLog log = CapturedLog.of(StateFile.class);
        ExecutorRun run = ExecutorRun.alone(files, Map.of(), OTHER_INSTALLATION)) {
      assertThat(log.lines())
          .containsExactly(
              "WARN kept states ignored: 1 are of another installation of this service");
      assertThat(run.executor().summary().namespaces()).hasSize(1);
      assertThat(second.ruleset()).isEmpty();
    }
  }

  @Test
  void aDamagedFileKeepsNobodyFromWorking() throws IOException {
    holdOnce();
    Path states = files.resolve("node/states");
    Files.writeString(states, Files.readString(states).replace("ftp:tcp 21", "ftp:tcp 22"));
    try (RouterNetns second = RouterNetns.create(router);
        CapturedLog log = CapturedLog.of(ChecksummedFile.class);
        ExecutorRun run = ExecutorRun.connected(files)) {
      assertThat(log.lines())
          .containsExactly(
              "WARN states ignored: " + states + " is damaged (\"its checksum is wrong\")");
      assertThat(second.ruleset()).isEmpty();
      assertThat(run.hold(router, 1, helper(FTP, 21)).changed()).isTrue();
    }
  }

  @Test
  void anOlderStateThanTheKernelHoldsIsNotRestored() throws IOException {
    Path states = files.resolve("node/states");
    try (RouterNetns netns = RouterNetns.create(router)) {
      try (ExecutorRun run = ExecutorRun.connected(files)) {
        run.hold(router, 1, helper(FTP, 21));
      }
      String old = Files.readString(states);
      try (ExecutorRun run = ExecutorRun.connected(files)) {
        run.hold(router, 2, helper(FTP, 2121));
      }
      Files.writeString(states, old);
      try (ExecutorRun run = ExecutorRun.connected(files)) {
        run.hold(router, 2, helper(FTP, 2121));
        assertThat(netns.ruleset()).contains("tcp . 2121 comment").doesNotContain("tcp . 21 ");
      }
    }
  }

  @Test
  void aTableNobodyDesiresIsTold() {
    holdOnce();
    try (RouterNetns second = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files, "cthelper.executor.safety-net", "PT1S")) {
      awaitTable(second, true);
      assertThat(run.reports().awaitOne(Unclaimed.class, any -> true).placement())
          .isEqualTo(run.placement(router));
      run.hold(router, 2);
      awaitTable(second, false);
    }
  }

  /** It takes nothing for a while, as when its database is away. */
  private static final class DeafReconciler extends RecordedReports {

    private volatile boolean deaf;

    @Override
    public void appeared(NodeId node, NodeNamespace namespace) {
      listen();
      super.appeared(node, namespace);
    }

    @Override
    public void vanished(NodeId node, NodeNamespace namespace) {
      listen();
      super.vanished(node, namespace);
    }

    @Override
    public void observed(Placement placement, ObservedState state) {
      listen();
      super.observed(placement, state);
    }

    @Override
    public void drifted(Placement placement, DriftRepairs drift) {
      listen();
      super.drifted(placement, drift);
    }

    private void listen() {
      if (deaf) {
        throw new IllegalStateException("the database is away");
      }
    }
  }

  @Test
  void whatCouldNotBeToldIsToldLater() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.alone(files, Map.of())) {
      DeafReconciler reconciler = new DeafReconciler();
      run.executor().connect(reconciler);
      reconciler.awaitOne(Connected.class, any -> true);
      reconciler.deaf = true;
      run.executor()
          .desire(
              run.placement(router),
              new DesiredState(router, Plan.fence(1), List.of(helper(FTP, 21))));
      awaitTable(netns, true);
      reconciler.deaf = false;
      assertThat(reconciler.awaitOne(Observed.class, any -> true).state())
          .isInstanceOf(ObservedState.Held.class);
    }
  }
}
