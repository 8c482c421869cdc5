package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.LabNamespace;
import cthelper.lab.NeedsRealRoot;
import cthelper.lab.PrivateNetns;
import cthelper.model.DesiredHelper;
import cthelper.model.ObservedState.Held;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who assigns a helper before us is named, and so is who may. */
@ExtendWith(PrivateNetns.class)
@Timeout(60)
class OverridesKernelTest {

  private static final DesiredHelper FTP_21 = helper(FTP, 21);
  private static final DesiredHelper TFTP_69 = helper(TFTP, 69);

  @TempDir Path files;
  private final RouterId router = RouterId.random();

  private static Verdict on(DesiredHelper helper, Held held) {
    return held.verdicts().stream()
        .filter(verdict -> verdict.helper().equals(helper.id()))
        .findFirst()
        .orElseThrow();
  }

  private static String assigning(String rule) {
    return """
    table inet fw {
      set trusted { type ipv4_addr; elements = { 10.98.1.2 } }
      ct helper theirs { type "ftp" protocol tcp; }
      chain pre {
        type filter hook prerouting priority -160;
        %s ct helper set "theirs"
      }
    }
    """
        .formatted(rule);
  }

  @Test
  void anEarlierAssignmentMakesTheHelperAnErrorUntilItIsGone() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files)) {
      run.hold(router, 1, FTP_21, TFTP_69);
      int before = run.answers();
      netns.nft(assigning("tcp dport 21"));
      Held overridden = run.awaitHeld(before, held -> !on(FTP_21, held).proven());
      assertThat(on(FTP_21, overridden).whyNot()).contains(Reason.OVERRIDDEN);
      assertThat(on(FTP_21, overridden).detail())
          .isEqualTo("a rule of table inet fw chain pre assigns ftp and comes first");
      assertThat(on(TFTP_69, overridden).proven()).isTrue();

      int then = run.answers();
      netns.nft("delete table inet fw");
      Held again = run.awaitHeld(then, held -> on(FTP_21, held).proven());
      assertThat(on(FTP_21, again).detail()).isEmpty();
    }
  }

  @Test
  void oneThatWasThereBeforeIsFoundToo() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files)) {
      netns.nft(assigning("tcp dport 21"));
      assertThat(on(FTP_21, run.hold(router, 1, FTP_21)).whyNot()).contains(Reason.OVERRIDDEN);
      assertThat(netns.ruleset()).as("it is installed all the same").contains("tcp . 21 comment");
    }
  }

  /** iptables-legacy tells nobody: it is found by looking. */
  @Test
  @NeedsRealRoot
  void oneOfIptablesLegacyIsFoundByTheSafetyNet() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files, "cthelper.executor.safety-net", "PT1S")) {
      run.hold(router, 1, FTP_21, TFTP_69);
      int before = run.answers();
      new LabNamespace(netns.name().text())
          .command(
              "iptables-legacy -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp"
                  .split(" "))
          .run();
      Held overridden = run.awaitHeld(before, held -> !on(FTP_21, held).proven());
      assertThat(on(FTP_21, overridden).detail())
          .isEqualTo(
              "a rule of table ip raw chain PREROUTING (iptables-legacy) assigns ftp and comes first");
      assertThat(on(TFTP_69, overridden).proven()).isTrue();
    }
  }

  @Test
  void oneThatCannotBeProvenIsAWarning() {
    try (RouterNetns netns = RouterNetns.create(router);
        ExecutorRun run = ExecutorRun.connected(files)) {
      netns.nft(assigning("ip saddr @trusted tcp dport 21"));
      Verdict verdict = on(FTP_21, run.hold(router, 1, FTP_21));
      assertThat(verdict.proven()).isTrue();
      assertThat(verdict.detail())
          .isEqualTo(
              "a rule of table inet fw chain pre assigns ftp and may come first for some connections");
    }
  }
}
