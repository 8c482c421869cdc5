package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.SIP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.netfilter.TableReading.Integrity;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do to our table with nft(8) is seen, and one write mends it. */
class TableDamageKernelTest {

  private static final String TABLE = "inet conntrack_helpers ";

  private final KernelFixture kernel = new KernelFixture();
  private String intact = "";

  @BeforeEach
  void install() {
    kernel.write(fence(42), FTP, TFTP);
    intact = kernel.namespace().ruleset();
  }

  @AfterEach
  void deleteNamespace() {
    kernel.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush chain " + TABLE + "prerouting",
        "add rule " + TABLE + "prerouting counter",
        "insert rule " + TABLE + "prerouting drop",
        "add chain " + TABLE + "extra",
        "add rule " + TABLE + "prerouting ct state new tcp dport { 21, 22 } accept",
        "add set " + TABLE + "extra { type inet_service; }",
        "add counter " + TABLE + "extra",
        "add ct helper " + TABLE + "extra { type \"ftp\" protocol tcp; }",
        "add chain " + TABLE + "prerouting { policy drop; }",
        "flush set " + TABLE + "fence",
        "add element " + TABLE + "fence { 1 . 0 . 43 }",
      })
  void damagedSkeletonIsSeenAndMendedByOneWrite(String damage) {
    kernel.namespace().nft(damage).orFail();

    assertThat(kernel.readOurs().integrity()).isEqualTo(Integrity.SKELETON_DAMAGED);
    assertThat(kernel.write(fence(42), FTP, TFTP)).isEqualTo(new CommitResult.Committed());
    assertThat(kernel.namespace().ruleset()).isEqualTo(intact);
    assertThat(kernel.readOurs().isIntact()).isTrue();
  }

  @Test
  void ruleReplacedByAnotherIsSeen() {
    kernel
        .namespace()
        .nft(
            "flush chain %sprerouting; add rule %sprerouting ct helper set meta l4proto . th dport map @assign"
                .formatted(TABLE, TABLE))
        .orFail();

    assertThat(kernel.readOurs().integrity()).isEqualTo(Integrity.SKELETON_DAMAGED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ tcp . 2121 : \"ftp-tcp\" }",
        "{ tcp . 2121 comment \"by hand\" : \"ftp-tcp\" }",
        "{ udp . 2121 comment \"0d000000-0000-4000-8000-000000000004\" : \"ftp-tcp\" }",
        "{ tcp . 0 comment \"0d000000-0000-4000-8000-000000000004\" : \"ftp-tcp\" }",
        "{ * : \"ftp-tcp\" }",
      })
  void strangeElementIsSeenAndRefilledAway(String element) {
    kernel.namespace().nft("add element " + TABLE + "assign " + element).orFail();

    assertThat(kernel.readOurs().integrity()).isEqualTo(Integrity.CONTENTS_DAMAGED);
    assertThat(kernel.readOurs().assignments())
        .isEqualTo(Map.of(FTP.spec(), FTP.id(), TFTP.spec(), TFTP.id()));
    assertThat(kernel.write(fence(42), FTP, TFTP)).isEqualTo(new CommitResult.Committed());
    assertThat(kernel.namespace().ruleset()).isEqualTo(intact);
  }

  @Test
  void missingElementIsAnAssignmentLessAndNoDamage() {
    kernel.namespace().nft("delete element " + TABLE + "assign { tcp . 21 }").orFail();

    assertThat(kernel.readOurs().isIntact()).isTrue();
    assertThat(kernel.readOurs().assignments()).isEqualTo(Map.of(TFTP.spec(), TFTP.id()));
  }

  @Test
  void lostFenceReadsAsZeroAndIsSetByTheNextWrite() {
    kernel.namespace().nft("flush set " + TABLE + "fence").orFail();

    assertThat(kernel.readOurs().fence().toString()).isEqualTo("0.0");
    kernel.write(fence(43), SIP);
    assertThat(kernel.readOurs().fence()).isEqualTo(fence(43));
  }

  @Test
  void damagedTableIsRemovedAllTheSame() {
    kernel.namespace().nft("add chain " + TABLE + "extra; flush set " + TABLE + "fence").orFail();

    assertThat(kernel.table().remove(kernel.socket(), kernel.read()))
        .isEqualTo(new CommitResult.Committed());
    assertThat(kernel.namespace().ruleset()).isEmpty();
  }
}
