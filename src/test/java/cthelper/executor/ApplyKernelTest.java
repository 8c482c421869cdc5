package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.INSTALLATION;
import static cthelper.executor.Plan.OTHER_INSTALLATION;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.desired;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static cthelper.model.AddressFamily.IPV4;
import static cthelper.model.AddressFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.PrivateNetns;
import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.HelperType;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Protocol;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.netfilter.KernelSupport;
import cthelper.netfilter.TableReading.Ownership;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One run makes a real namespace hold the desired state, proves it, and harms nothing else. */
@ExtendWith(PrivateNetns.class)
class ApplyKernelTest {

  private static final Set<AddressFamily> BOTH = Set.of(IPV4, IPV6);
  private static final DesiredHelper FTP_21 = helper(FTP, 21);
  private static final DesiredHelper FTP_2121 = helper(FTP, 2121);
  private static final DesiredHelper TFTP_69 = helper(TFTP, 69);

  /** In the catalogue's form, but no kernel has it. */
  private static final HelperType BOGUS =
      new HelperType("bogus", Protocol.TCP, "no-such-helper", EnumSet.of(IPV4), 4444);

  @TempDir Path files;
  private KernelBench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new KernelBench(files);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static Held held(long number, boolean changed, DesiredHelper... helpers) {
    List<Verdict> verdicts = new ArrayList<>();
    for (DesiredHelper helper : helpers) {
      verdicts.add(Verdict.proven(helper, BOTH));
    }
    return new Held(fence(number), verdicts, changed);
  }

  private static Superseded superseded(long number, long held) {
    return new Superseded(fence(number), fence(held));
  }

  @Test
  void helpersAreInstalledAndProven() throws IOException {
    assertThat(bench.apply(desired(1, FTP_21, TFTP_69))).isEqualTo(held(1, true, FTP_21, TFTP_69));
    assertThat(bench.netns().ruleset())
        .contains("comment \"conntrack-helper installation " + INSTALLATION + "\"")
        .contains("tcp . 21 comment \"" + FTP_21.id() + "\" : \"ftp-tcp\"")
        .contains("udp . 69 comment \"" + TFTP_69.id() + "\" : \"tftp-udp\"");
  }

  @Test
  void aSecondRunChangesNothing() throws IOException {
    bench.apply(desired(1, FTP_21));
    int generation = bench.generation();
    assertThat(bench.apply(desired(1, FTP_21))).isEqualTo(held(1, false, FTP_21));
    assertThat(bench.generation()).isEqualTo(generation);
  }

  @Test
  void whatWasLastReadIsNotBelievedWhenTheRulesetHasMoved() throws IOException {
    bench.apply(desired(1, FTP_21, TFTP_69));
    bench.netns().nft("add table inet somebodys");
    bench.netns().nft("delete table inet conntrack_helpers");
    assertThat(bench.apply(desired(2, FTP_2121))).isEqualTo(held(2, true, FTP_2121));
    assertThat(bench.readOurs().assignments()).containsOnlyKeys(FTP_2121.spec());

    bench.netns().nft("flush map inet conntrack_helpers assign");
    bench.netns().nft("add rule inet conntrack_helpers prerouting counter");
    assertThat(bench.apply(desired(3, FTP_21))).isEqualTo(held(3, true, FTP_21));
    assertThat(bench.readOurs().isIntact()).isTrue();
    assertThat(bench.readOurs().assignments()).containsOnlyKeys(FTP_21.spec());
  }

  @Test
  void whatWasLastReadIsNeverAnAnswer() throws IOException {
    bench.apply(desired(2, FTP_21));
    bench.netns().nft("delete table inet conntrack_helpers");
    assertThat(bench.apply(desired(2, FTP_21))).isEqualTo(held(2, true, FTP_21));
  }

  @Test
  void aChangeOfOneHelperIsOneTransactionAndKeepsTheOthers() throws IOException {
    bench.apply(desired(1, FTP_21, TFTP_69));
    int generation = bench.generation();
    assertThat(bench.apply(desired(2, FTP_2121, TFTP_69)))
        .isEqualTo(held(2, true, FTP_2121, TFTP_69));
    assertThat(bench.generation()).isEqualTo(generation + 1);
    assertThat(bench.readOurs().assignments())
        .isEqualTo(Map.of(FTP_2121.spec(), FTP_2121.id(), TFTP_69.spec(), TFTP_69.id()));
    assertThat(bench.readOurs().fence()).isEqualTo(fence(2));
  }

  @Test
  void theLastHelpersRemovalLeavesNothingButATombstone() throws IOException {
    bench.apply(desired(1, FTP_21));
    assertThat(bench.apply(desired(2))).isEqualTo(held(2, true));
    assertThat(bench.netns().ruleset()).isEmpty();
    assertThat(bench.tombstones().of(ROUTER)).contains(fence(2));
  }

  @Test
  void forgettingAgainChangesNothing() throws IOException {
    bench.apply(desired(1, FTP_21));
    bench.apply(desired(2));
    int generation = bench.generation();
    assertThat(bench.apply(desired(2))).isEqualTo(held(2, false));
    assertThat(bench.generation()).isEqualTo(generation);
  }

  @Test
  void anOlderFenceIsRefusedAndTheKernelStaysAsItIs() throws IOException {
    bench.apply(desired(2, FTP_21));
    int generation = bench.generation();
    assertThat(bench.apply(desired(1, TFTP_69))).isEqualTo(superseded(1, 2));
    assertThat(bench.apply(desired(1))).isEqualTo(superseded(1, 2));
    assertThat(bench.generation()).isEqualTo(generation);
  }

  @Test
  void anOlderFenceIsRefusedWhenTheTableIsGoneAndTheExecutorWasRestarted() throws IOException {
    bench.apply(desired(1, FTP_21));
    bench.apply(desired(3));
    bench.restart();
    assertThat(bench.apply(desired(2, FTP_21))).isEqualTo(superseded(2, 3));
    assertThat(bench.netns().ruleset()).isEmpty();
  }

  @Test
  void anOlderFenceIsRefusedWhereNoTableEverWas() throws IOException {
    bench.apply(desired(3));
    assertThat(bench.apply(desired(2, FTP_21))).isEqualTo(superseded(2, 3));
    assertThat(bench.netns().ruleset()).isEmpty();
  }

  @Test
  void helpersComeBackAtANewerFenceThanTheTombstone() throws IOException {
    bench.apply(desired(1, FTP_21));
    bench.apply(desired(2));
    assertThat(bench.apply(desired(3, FTP_21))).isEqualTo(held(3, true, FTP_21));
  }

  @Test
  void aRaisedEpochIsNewerWhateverItsNumber() throws IOException {
    bench.apply(desired(100, FTP_21));
    Fence restored = new Fence(INSTALLATION, 2, 1);
    ObservedState outcome = bench.apply(new DesiredState(ROUTER, restored, List.of(TFTP_69)));
    assertThat(outcome).isEqualTo(new Held(restored, List.of(Verdict.proven(TFTP_69, BOTH)), true));
  }

  @Test
  void theTableOfAnotherInstallationStaysByteForByte() throws IOException {
    bench.apply(new DesiredState(ROUTER, new Fence(OTHER_INSTALLATION, 1, 1), List.of(FTP_21)));
    String ruleset = bench.netns().ruleset();
    int generation = bench.generation();
    Failed failed =
        new Failed(
            fence(9),
            Reason.FOREIGN_INSTALLATION,
            "belongs to installation 0ff1ce00-0000-4000-8000-000000000001 of this service; to hand"
                + " it over remove table inet conntrack_helpers there");
    assertThat(bench.apply(desired(9, TFTP_69))).isEqualTo(failed);
    assertThat(bench.apply(desired(9))).isEqualTo(failed);
    assertThat(bench.netns().ruleset()).isEqualTo(ruleset);
    assertThat(bench.generation()).isEqualTo(generation);
  }

  @Test
  void theTombstoneOfAnotherInstallationIsRespectedForADay() throws IOException {
    DesiredState other = new DesiredState(ROUTER, new Fence(OTHER_INSTALLATION, 1, 1), List.of());
    bench.apply(other);
    assertThat(bench.apply(desired(9, FTP_21)))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(Reason.FOREIGN_INSTALLATION);
              assertThat(failed.detail()).contains("node/tombstones").doesNotContain("table");
            });
    bench.passADay();
    assertThat(bench.apply(desired(9, FTP_21))).isEqualTo(held(9, true, FTP_21));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add table inet conntrack_helpers; add chain inet conntrack_helpers theirs",
        "add table inet conntrack_helpers { comment \"conntrack-helper installation mine\"; }"
      })
  void aTableThatIsNotOursStaysByteForByte(String theirs) throws IOException {
    bench.netns().nft(theirs);
    String ruleset = bench.netns().ruleset();
    int generation = bench.generation();
    Failed failed =
        new Failed(
            fence(1),
            Reason.FOREIGN_TABLE,
            "table inet conntrack_helpers was not made by this service; to let the service work"
                + " there remove it");
    assertThat(bench.apply(desired(1, FTP_21))).isEqualTo(failed);
    assertThat(bench.apply(desired(1))).isEqualTo(failed);
    assertThat(bench.netns().ruleset()).isEqualTo(ruleset);
    assertThat(bench.generation()).isEqualTo(generation);
  }

  @Test
  void otherTablesOfTheNamespaceAreLeftAlone() throws IOException {
    bench.netns().nft("add table inet theirs; add chain inet theirs forward");
    String theirs = bench.netns().ruleset();
    bench.apply(desired(1, FTP_21));
    bench.apply(desired(2));
    assertThat(bench.netns().ruleset()).isEqualTo(theirs);
  }

  @Test
  void oneRefusedHelperHarmsNoneOfNinetyNine() throws IOException {
    believeInBogus();
    DesiredHelper bad = helper(BOGUS, 4444);
    List<DesiredHelper> good =
        IntStream.range(0, 99).mapToObj(i -> helper(i % 2 == 0 ? FTP : TFTP, 5000 + i)).toList();
    List<DesiredHelper> all = new ArrayList<>(good);
    all.add(50, bad);

    Held held = (Held) bench.apply(new DesiredState(ROUTER, fence(1), all));

    assertThat(held.verdicts())
        .filteredOn(Verdict::proven)
        .extracting(Verdict::helper)
        .containsExactlyInAnyOrderElementsOf(good.stream().map(DesiredHelper::id).toList());
    assertThat(held.verdicts())
        .filteredOn(verdict -> !verdict.proven())
        .containsExactly(
            Verdict.refused(bad, Reason.HELPER_NOT_IN_KERNEL, "ENOENT: no such thing"));
    assertThat(bench.readOurs().assignments()).hasSize(99);
  }

  private void believeInBogus() {
    Map<HelperType, Set<AddressFamily>> families = new HashMap<>(bench.support().families());
    families.put(BOGUS, Set.of(IPV4));
    bench.believe(new KernelSupport(families, bench.support().ownerPersist()));
  }

  @Test
  void whenEveryHelperIsRefusedNothingOfOursRemains() throws IOException {
    bench.apply(desired(1, FTP_21));
    believeInBogus();
    Held held = (Held) bench.apply(desired(2, helper(BOGUS, 4444)));
    assertThat(held.verdicts()).singleElement().matches(verdict -> !verdict.proven());
    assertThat(bench.netns().ruleset()).isEmpty();
  }

  @Test
  void anAbsentHelperIsLeftOutWithoutAsking() throws IOException {
    DesiredHelper absent = helper(BOGUS, 4444);
    int generation = bench.generation();
    Held held = (Held) bench.apply(desired(1, FTP_21, absent));
    assertThat(held.verdicts())
        .containsExactly(
            Verdict.refused(
                absent,
                Reason.HELPER_NOT_IN_KERNEL,
                "no helper bogus:tcp in this kernel; load its module (nf_conntrack_bogus)"),
            Verdict.proven(FTP_21, BOTH));
    assertThat(bench.generation()).isEqualTo(generation + 1);
  }

  @Test
  void aModuleThatWasLoadedIsUsedAtTheSameFence() throws IOException {
    KernelSupport has = bench.support();
    bench.believe(new KernelSupport(Map.of(FTP, Set.of()), has.ownerPersist()));
    bench.apply(desired(1, FTP_21));
    bench.believe(has);
    assertThat(bench.apply(desired(1, FTP_21))).isEqualTo(held(1, true, FTP_21));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush chain inet conntrack_helpers prerouting",
        "flush set inet conntrack_helpers fence",
        "flush map inet conntrack_helpers assign",
        "delete element inet conntrack_helpers assign { tcp . 21 }",
        "add element inet conntrack_helpers assign { tcp . 99 : \"ftp-tcp\" }",
        "add rule inet conntrack_helpers prerouting counter drop",
        "insert rule inet conntrack_helpers prerouting accept",
        "add chain inet conntrack_helpers extra",
        "add chain inet conntrack_helpers prerouting { policy drop; }",
        "add set inet conntrack_helpers extra { type inet_service; }",
        "add table inet conntrack_helpers { flags dormant; }",
        "delete table inet conntrack_helpers"
      })
  void damageIsRepairedByOneRun(String damage) throws IOException {
    bench.apply(desired(1, FTP_21, TFTP_69));
    List<String> right = words(bench.netns().ruleset());
    bench.netns().nft(damage);
    assertThat(bench.apply(desired(1, FTP_21, TFTP_69))).isEqualTo(held(1, true, FTP_21, TFTP_69));
    assertThat(words(bench.netns().ruleset())).isEqualTo(right);
    assertThat(bench.readOurs().isIntact()).isTrue();
  }

  /** In no order, because the kernel keeps elements in none. */
  private static List<String> words(String ruleset) {
    return Stream.of(ruleset.split("[\\s,]+")).sorted().toList();
  }

  @Test
  void aTableWithoutOwnerBecomesOurs() throws IOException {
    bench.apply(desired(1, FTP_21));
    bench.ownTables();
    assertThat(bench.apply(desired(1, FTP_21))).isEqualTo(held(1, true, FTP_21));
    assertThat(bench.readOurs().ownership()).isEqualTo(Ownership.US);
    assertThat(bench.apply(desired(1, FTP_21))).isEqualTo(held(1, false, FTP_21));
  }

  @Test
  void aTableThatOutlivedTheExecutorBecomesOursAgain() throws IOException {
    bench.ownTables();
    bench.apply(desired(1, FTP_21));
    bench.restart();
    assertThat(bench.readOurs().ownership()).isEqualTo(Ownership.ORPHANED);
    assertThat(bench.apply(desired(1, FTP_21))).isEqualTo(held(1, true, FTP_21));
    assertThat(bench.readOurs().ownership()).isEqualTo(Ownership.US);
  }

  @Test
  void anOwnedTableCanBeForgotten() throws IOException {
    bench.ownTables();
    bench.apply(desired(1, FTP_21));
    assertThat(bench.apply(desired(2))).isEqualTo(held(2, true));
    assertThat(bench.netns().ruleset()).isEmpty();
  }
}
