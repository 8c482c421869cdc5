package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cthelper.executor.RecordedReports.Report.Drifted;
import cthelper.lab.PrivateNetns;
import cthelper.model.DriftRepairs;
import cthelper.model.ObservedState.Held;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.netfilter.Errno;
import cthelper.testing.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do to our table is undone at once, and they are named. */
@ExtendWith(PrivateNetns.class)
@Timeout(60)
class DriftKernelTest {

  private static final String ANYBODYS = "cthelper.executor.table-owner";

  @TempDir Path files;
  private final RouterId router = RouterId.random();

  /** The kernel lists objects in the order in which they were made. */
  private static List<String> lines(String ruleset) {
    return ruleset.lines().sorted().toList();
  }

  private static void awaitRuleset(RouterNetns netns, String expected) {
    await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(lines(netns.ruleset())).isEqualTo(lines(expected)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete table inet conntrack_helpers",
        "flush ruleset",
        "delete element inet conntrack_helpers assign { tcp . 21 }",
        "flush map inet conntrack_helpers assign",
        "flush chain inet conntrack_helpers prerouting",
        "flush chain inet conntrack_helpers prerouting; delete chain inet conntrack_helpers prerouting",
        "add rule inet conntrack_helpers prerouting counter",
        "add chain inet conntrack_helpers mine",
        "add set inet conntrack_helpers mine { type inet_service; }",
        "add element inet conntrack_helpers assign { tcp . 2121 : \"ftp-tcp\" }",
        "add element inet conntrack_helpers assign { udp . 21 : \"tftp-udp\" }",
        "flush set inet conntrack_helpers fence",
        "add element inet conntrack_helpers fence { 1 . 0 . 9 }",
        "add counter inet conntrack_helpers mine",
        "add table inet conntrack_helpers { flags dormant; }",
        "delete element inet conntrack_helpers assign { tcp . 21 };"
            + " delete ct helper inet conntrack_helpers ftp-tcp",
      })
  void everyChangeOfOurTableIsRepairedAndToldWithTheCulprit(String change) {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "false")) {
      run.hold(router, 1, helper(FTP, 21), helper(TFTP, 69));
      String before = netns.ruleset();
      int answers = run.answers();
      netns.nft(change);
      Drifted drifted = run.reports().awaitOne(Drifted.class, any -> true);
      awaitRuleset(netns, before);
      assertThat(drifted.placement()).isEqualTo(run.placement(router));
      assertThat(drifted.drift().program()).isEqualTo("nft");
      assertThat(drifted.drift().pid()).isPositive();
      assertThat(drifted.drift().count()).isEqualTo(1);
      assertThat(run.meters().get("cthelper.drift.repairs").tag("program", "nft").counter().count())
          .isEqualTo(1);
      assertThat(run.meters().get("cthelper.drift.last.pid").tag("program", "nft").gauge().value())
          .isEqualTo((double) drifted.drift().pid());
      assertThat(run.answers()).as("its verdicts are as before").isEqualTo(answers);
    }
  }

  @Test
  void itIsSaidInTheLogWithPidAndProgram() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "false");
        CapturedLog log = CapturedLog.of(ApplyStory.class)) {
      run.hold(router, 1, helper(FTP, 21));
      netns.nft("delete table inet conntrack_helpers");
      DriftRepairs drift = run.reports().awaitOne(Drifted.class, any -> true).drift();
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARN"))
          .singleElement()
          .asString()
          .startsWith(
              "WARN drift repaired router=%s namespace=qrouter-%s what=\"%s\" program=nft pid=%d "
                  .formatted(router, router, drift.what(), drift.pid()));
      assertThat(drift.what()).startsWith("deleted table");
    }
  }

  @Test
  void ourOwnChangesAndThoseOfOtherTablesAreNoDrift() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "false")) {
      run.hold(router, 1, helper(FTP, 21));
      netns.nft("add table inet somebodys; add chain inet somebodys mine");
      run.hold(router, 2, helper(FTP, 2121));
      netns.nft("delete table inet somebodys");
      run.hold(router, 3);
      netns.nft("add table inet somebodys");
      run.hold(router, 4, helper(FTP, 21));
      netns.nft("delete table inet conntrack_helpers");
      assertThat(run.reports().awaitOne(Drifted.class, any -> true).drift().count()).isEqualTo(1);
      assertThat(run.reports().all(Drifted.class)).hasSize(1);
    }
  }

  @Test
  void whoChangesItAgainAndAgainIsNamedAndStillUndone() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "false")) {
      run.hold(router, 1, helper(FTP, 21));
      String before = netns.ruleset();
      int answers = run.answers();
      for (int i = 0; i < DriftPace.AT_ONCE + 3; i++) {
        netns.nft("delete table inet conntrack_helpers");
        awaitRuleset(netns, before);
      }
      Held named = run.awaitHeld(answers, held -> !held.verdicts().getFirst().proven());
      Verdict verdict = named.verdicts().getFirst();
      assertThat(verdict.whyNot()).contains(Reason.CONTENDED);
      assertThat(verdict.detail())
          .matches("deleted table.* by nft \\(pid [0-9]+\\), again and again; .*");
    }
  }

  @Test
  void anOwnedTableIsOutOfReachAndIsAdoptedWithoutWritingIntoIt() {
    try (RouterNetns netns = RouterNetns.create(router)) {
      String before;
      try (ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "true")) {
        run.hold(router, 1, helper(FTP, 21), helper(TFTP, 69));
        before = netns.ruleset();
        assertThatThrownBy(() -> netns.nft("delete table inet conntrack_helpers"))
            .hasMessageContaining("Operation not permitted");
        netns.nft("flush ruleset");
        assertThat(netns.ruleset()).isEqualTo(before);
      }
      try (ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "true")) {
        run.hold(router, 1, helper(FTP, 21), helper(TFTP, 69));
        assertThat(netns.ruleset()).isEqualTo(before);
        assertThat(run.calls().commits()).as("the adoption").isEqualTo(1);
        assertThatThrownBy(() -> netns.nft("delete table inet conntrack_helpers"))
            .hasMessageContaining("Operation not permitted");
      }
    }
  }

  @Test
  void aRightTableIsNotWrittenAfterARestart() {
    try (RouterNetns netns = RouterNetns.create(router)) {
      try (ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "false")) {
        run.hold(router, 1, helper(FTP, 21), helper(TFTP, 69));
        assertThat(run.calls().commits()).isEqualTo(1);
      }
      try (ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "false")) {
        Held held = run.hold(router, 1, helper(FTP, 21), helper(TFTP, 69));
        assertThat(held.changed()).isFalse();
        assertThat(run.calls().commits()).isZero();
        assertThat(netns.ruleset()).contains("tcp . 21 comment", "udp . 69 comment");
      }
    }
  }

  @Test
  void whatHappensWhileEventsAreLostIsFoundByLooking() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files, ANYBODYS, "false")) {
      run.hold(router, 1, helper(FTP, 21));
      String before = netns.ruleset();
      run.calls().fail("poll", Errno.ENOMEM);
      netns.nft("add table inet somebodys; delete table inet somebodys"); // ends the poll under way
      netns.nft("delete table inet conntrack_helpers");
      awaitRuleset(netns, before);
      run.calls().failNoMore();
      netns.nft("delete table inet conntrack_helpers");
      awaitRuleset(netns, before);
    }
  }
}
