package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.executor.RecordedReports.Report.Drifted;
import cthelper.executor.RecordedReports.Report.Observed;
import cthelper.lab.PrivateNetns;
import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.Protocol;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.netfilter.Errno;
import cthelper.netfilter.KernelSupport;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import cthelper.netfilter.RulesetCommit;
import cthelper.testing.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One placement's work in a real namespace, step by step, with the clock in hand. */
@ExtendWith(PrivateNetns.class)
class PlacementWorkKernelTest {

  private static final DesiredHelper FTP_21 = helper(FTP, 21);
  private static final DesiredHelper TFTP_69 = helper(TFTP, 69);

  @TempDir Path files;
  private final RouterId router = RouterId.random();
  private final Placement placement = Plan.placement(router);
  private final SteppedClock clock = new SteppedClock();
  private final ObservedCalls calls = new ObservedCalls();
  private final RecordedReports reports = new RecordedReports();
  private final Later later = new Later();
  private final Map<HelperType, Set<AddressFamily>> modules = new HashMap<>();
  private final KeptStates kept = new KeptStates();
  private RouterNetns netns;
  private NamespaceDoor door;
  private RouterNamespace namespace;
  private @Nullable PlacementWork begun;

  /** Where work is put off to. */
  private final class Later implements PlacementWork.Surroundings {

    private final List<Duration> delays = new ArrayList<>();
    private final List<DesiredState> gone = new ArrayList<>();

    @Override
    public Optional<RouterNamespace> find(Placement wanted) {
      return Optional.of(namespace).filter(any -> wanted.equals(placement));
    }

    @Override
    public void gone(Placement wanted, DesiredState asked) {
      gone.add(asked);
    }

    @Override
    public void again(Placement wanted, Errand errand, Duration delay) {
      delays.add(delay);
    }
  }

  @BeforeEach
  void open() {
    for (HelperType type : HelperCatalog.all()) {
      modules.put(type, type.families());
    }
    netns = RouterNetns.create(router);
    door = new NamespaceDoor(calls.calls());
    if (!(door.open(netns.path()) instanceof Opening.Opened(NamespaceSocket socket))) {
      throw new AssertionError("not opened");
    }
    namespace =
        new RouterNamespace(
            netns.name(), NamespaceFile.at(netns.path()).orElseThrow(), socket, clock);
  }

  /** The kernel is asked for its modules at the first use. */
  private PlacementWork work() {
    if (begun == null) {
      try {
        begun = begin();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return begun;
  }

  /** What is on disk to be revoked here. */
  private Set<HelperSpec> owed() throws IOException {
    return OwedRevokes.load(files.resolve("revokes"), "boot").of(namespace.socket().cookie());
  }

  private PlacementWork begin() throws IOException {
    ExecutorMetrics metrics = new ExecutorMetrics(new SimpleMeterRegistry());
    Answers answers = new Answers();
    answers.tell(reports);
    OwedRevokes owed = OwedRevokes.load(files.resolve("revokes"), "boot");
    NodeTables tables =
        new NodeTables(
            new KernelHelpers(() -> new KernelSupport(modules, true), clock),
            TableTombstones.load(files.resolve("tombstones"), clock),
            owed,
            false);
    return new PlacementWork(
        later,
        kept,
        tables,
        new Revokes(owed, metrics, clock, (where, delay) -> later.delays.add(delay)),
        new Overrides(door, RouterNetns.DIRECTORY),
        new Leftovers(answers, () -> Optional.of(Plan.INSTALLATION)),
        answers,
        metrics,
        clock);
  }

  @AfterEach
  void close() {
    namespace.close();
    door.close();
    netns.close();
  }

  private ObservedState desire(long number, DesiredHelper... helpers) {
    work().run(placement, Errand.desire(new DesiredState(router, fence(number), List.of(helpers))));
    return told().getLast();
  }

  private List<ObservedState> told() {
    return reports.all(Observed.class).stream().map(Observed::state).toList();
  }

  @Test
  void aHelperThatWaitsForItsModuleBecomesActiveByItself() {
    modules.put(TFTP, Set.of());
    Held without = (Held) desire(1, FTP_21, TFTP_69);
    assertThat(without.verdicts())
        .contains(
            Verdict.refused(
                TFTP_69,
                Reason.HELPER_NOT_IN_KERNEL,
                "no helper tftp:udp in this kernel; load its module (nf_conntrack_tftp)"));

    modules.put(TFTP, TFTP.families());
    work().run(placement, Errand.LOOK);
    assertThat(told()).as("not asked more often than every ten minutes").hasSize(1);
    clock.pass(Duration.ofMinutes(10).plusSeconds(1));
    work().run(placement, Errand.LOOK);
    assertThat(((Held) told().getLast()).verdicts()).allMatch(Verdict::proven).hasSize(2);
    assertThat(netns.ruleset()).contains("udp . 69 comment");
    assertThat(reports.all(Drifted.class)).isEmpty();
  }

  @Test
  void oneRefusedAmongAHundredCostsOneMoreTransaction() {
    HelperType bogus =
        new HelperType("bogus", Protocol.TCP, "no-such-helper", Set.of(AddressFamily.IPV4), 4444);
    modules.put(bogus, Set.of(AddressFamily.IPV4));
    List<DesiredHelper> all = new ArrayList<>();
    IntStream.rangeClosed(1, 99).forEach(port -> all.add(helper(FTP, port)));
    DesiredHelper refused = helper(bogus, 4444);
    all.add(50, refused);
    int before = calls.commits();
    Held held = (Held) desire(1, all.toArray(DesiredHelper[]::new));
    assertThat(calls.commits() - before).isEqualTo(2);
    assertThat(held.verdicts()).filteredOn(Verdict::proven).hasSize(99);
    assertThat(held.verdicts())
        .filteredOn(verdict -> !verdict.proven())
        .singleElement()
        .satisfies(verdict -> {
          assertThat(verdict.helper()).isEqualTo(refused.id());
          assertThat(verdict.whyNot()).contains(Reason.HELPER_NOT_IN_KERNEL);
          assertThat(verdict.detail()).contains("ENOENT");
        });
    assertThat(later.delays).as("no retry storm").isEmpty();
  }

  @Test
  void whatTheKernelNoLongerHoldsIsNotCalledProven() {
    desire(1, FTP_21);
    netns.nft("delete table inet conntrack_helpers");
    netns.nft("add table inet conntrack_helpers");
    work().run(placement, Errand.LOOK);
    Held lost = (Held) told().getLast();
    assertThat(lost.fence()).isEqualTo(fence(1));
    assertThat(lost.verdicts().getFirst().whyNot()).contains(Reason.FOREIGN_TABLE);

    work().run(placement, Errand.LOOK);
    assertThat(told()).as("told once").hasSize(2);
    assertThat(later.delays).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));

    netns.nft("delete table inet conntrack_helpers");
    work().run(placement, Errand.LOOK);
    assertThat(((Held) told().getLast()).verdicts()).allMatch(Verdict::proven);
  }

  @Test
  void aPassingTroubleIsToldWhenItDoesNotPass() {
    desire(1, FTP_21);
    calls.fail("send", Errno.ENOBUFS);
    work().run(placement, Errand.LOOK);
    work().run(placement, Errand.LOOK);
    assertThat(told()).hasSize(1);
    work().run(placement, Errand.LOOK);
    assertThat(((Held) told().getLast()).verdicts().getFirst().whyNot())
        .contains(Reason.MACHINE_SHORT_OF_RESOURCES);
    calls.failNoMore();
    work().run(placement, Errand.LOOK);
    assertThat(((Held) told().getLast()).verdicts()).allMatch(Verdict::proven);
  }

  @Test
  void aFirstStateThatFailsIsToldToWhoeverAsked() {
    calls.fail("send", Errno.EPERM);
    assertThat(desire(1, FTP_21))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.reason()).isEqualTo(Reason.NOT_PERMITTED));
    calls.failNoMore();
    work().run(placement, Errand.LOOK.and(Errand.LOOK_AROUND)); // what was put off
    assertThat(told().getLast()).as("tried again by itself").isInstanceOf(Held.class);
  }

  @Test
  void anOvertakenStateIsRefusedAlsoWhereTheTableIsGone() {
    desire(2, FTP_21);
    netns.nft("delete table inet conntrack_helpers");
    assertThat(desire(1, TFTP_69)).isEqualTo(new Superseded(fence(1), fence(2)));
    assertThat(netns.ruleset()).contains("tcp . 21 comment").doesNotContain("udp . 69");
  }

  @Test
  void whatIsDesiredOfANamespaceThatIsGoneIsNotConfirmed() {
    Placement elsewhere = Plan.placement(Plan.OTHER_ROUTER);
    DesiredState state = new DesiredState(Plan.OTHER_ROUTER, fence(1), List.of(FTP_21));
    work().run(elsewhere, Errand.desire(state));
    assertThat(later.gone).containsExactly(state);
    assertThat(kept.of(elsewhere)).contains(state);
    assertThat(kept.isConfirmed(elsewhere)).isFalse();
  }

  @Test
  void repairsAreToldOnceASecondWithTheirNumber() {
    RulesetCommit commit = new RulesetCommit(3, 1, 1, "nft", List.of("deleted table"), false);
    desire(1, FTP_21);
    for (int i = 0; i < 3; i++) {
      netns.nft("delete table inet conntrack_helpers");
      work().run(placement, Errand.repair(commit));
    }
    assertThat(reports.all(Drifted.class)).hasSize(1);
    clock.pass(Duration.ofSeconds(2));
    work().run(placement, Errand.LOOK);
    assertThat(reports.all(Drifted.class).stream().mapToInt(it -> it.drift().count()).sum())
        .isEqualTo(3);
  }

  @Test
  void ofANamespaceThatGoesInTheMiddleNothingIsToldButThatItIsGone() {
    desire(1, FTP_21);
    kept.vanished(placement.namespace());
    namespace.close();

    work().run(placement, Errand.LOOK_AROUND);
    assertThat(later.gone).isEmpty();
    DesiredState asked = new DesiredState(router, fence(2), List.of(TFTP_69));
    work().run(placement, Errand.desire(asked));

    assertThat(later.gone).containsExactly(asked);
    assertThat(told()).as("only of the state before").hasSize(1);
  }

  /** Others were faster: there is no assignment left to remove, but connections that carry it. */
  @Test
  void whatIsNoLongerDesiredIsRevokedAlsoWhereOthersTookTheTableAway() throws IOException {
    desire(1, FTP_21, TFTP_69);
    netns.nft("delete table inet conntrack_helpers");
    desire(2, TFTP_69);
    assertThat(owed()).as("looked for once, to be looked for again").containsExactly(FTP_21.spec());

    clock.pass(OwedRevokes.SECOND_LOOK);
    work().run(placement, Errand.LOOK);
    assertThat(owed()).isEmpty();

    netns.nft("delete table inet conntrack_helpers");
    netns.nft("add table inet conntrack_helpers");
    desire(3);
    netns.nft("delete table inet conntrack_helpers");
    work().run(placement, Errand.LOOK);
    assertThat(owed()).containsExactly(TFTP_69.spec());
  }
}
