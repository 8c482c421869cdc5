package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.LATER;
import static cthelper.store.Fixture.LEASE;
import static cthelper.store.Fixture.TFTP_69;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.desired;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static cthelper.store.Fixture.snat;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.ConntrackHelper;
import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.Fence;
import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.model.PlacementView;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.store.Fixture.Made;
import cthelper.testing.NodeSessions;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers of nodes and what becomes due by them. Always two routers and two nodes. */
@QuarkusTest
class PlacementStoreTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;

  private final RouterId router = RouterId.random();
  private final RouterId otherRouter = RouterId.random();
  private final NodeId node = node();
  private final NodeId otherNode = node();

  @BeforeEach
  void twoRoutersOnTwoNodes() {
    routers.create(List.of(newRouter(router)));
    routers.create(List.of(newRouter(otherRouter)));
    connect(placements, node, qrouter(router, 1), snat(router, 2));
    connect(placements, otherNode, qrouter(router, 1), qrouter(otherRouter, 2));
  }

  @Test
  void everythingIsDueWhenNodeConnects() {
    ConntrackHelper ftp = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();
    Made last = made(helpers.create(EVERYBODY, router, List.of(TFTP_69)));

    assertThat(due(node))
        .extracting(work -> work.placement().namespace())
        .containsExactlyInAnyOrder("qrouter-" + router, "snat-" + router);
    assertThat(due(node))
        .allSatisfy(work -> {
          assertThat(work.placement().router()).isEqualTo(router);
          assertThat(work.desired().fence()).isEqualTo(last.fence());
          assertThat(work.desired().helpers())
              .containsExactly(desired(ftp), desired(last.helper()));
          assertThat(work.attempts()).isZero();
        });
    assertThat(placements.due(List.of(node, otherNode), 100)).hasSize(4);
    assertThat(placements.due(List.of(node, otherNode), 3)).hasSize(3);
  }

  @Test
  void heldPlacementIsDueAgainAfterTheNextChangeOnly() {
    Made created = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    due(node).forEach(this::held);
    assertThat(due(node)).isEmpty();
    assertThat(placements.untilNextRetry(List.of(node))).isEmpty();

    Made deleted =
        Made.of(helpers.delete(EVERYBODY, router, created.helper().id(), _ -> {}).orElseThrow());

    assertThat(due(node)).hasSize(2);
    assertThat(due(node))
        .allSatisfy(work -> {
          assertThat(work.desired().isEmpty()).isTrue();
          assertThat(work.desired().fence()).isEqualTo(deleted.fence());
        });
  }

  @Test
  void whatIsAskedAgainIsDueAlthoughItIsProven() {
    due(node).forEach(this::held);
    due(otherNode).forEach(this::held);

    placements.askAgain(List.of(node));

    assertThat(due(node)).hasSize(2);
    assertThat(due(otherNode)).isEmpty();
  }

  @Test
  void anUnknownRouterIsToHoldNothingAndAKnownOneIsNoQuestion() {
    RouterId unknown = RouterId.random();
    assertThat(placements.ifUnknown(unknown)).isPresent().get().matches(DesiredState::isEmpty);
    assertThat(placements.ifUnknown(router)).isEmpty();
  }

  @Test
  void driftIsAddedUpAndTellsTheLastCulprit() {
    DueWork work = due(node).getFirst();
    NodeSessions.drifted(
        placements, work.placement(), new DriftRepairs(2, "deleted table", "nft", 4711));
    NodeSessions.drifted(
        placements, work.placement(), new DriftRepairs(3, "deleted rule", "iptables", 4712));

    assertThat(placements.viewsOf(router))
        .filteredOn(view -> view.placement().equals(work.placement()))
        .singleElement()
        .satisfies(view -> {
          assertThat(view.drift().repairs()).isEqualTo(5);
          assertThat(view.drift().what()).isEqualTo("deleted rule");
          assertThat(view.drift().program()).isEqualTo("iptables");
          assertThat(view.drift().pid()).isEqualTo(4712);
          assertThat(view.drift().last()).isNotNull();
        });
  }

  @Test
  void renamingRouterMakesNothingDue() {
    due(node).forEach(this::held);

    routers.update(EVERYBODY, router, _ -> {}, new RouterChange("renamed", null, null, null, null));

    assertThat(due(node)).isEmpty();
  }

  @Test
  void theAnswerThatCatchesUpTellsHowLongThePlacementWasBehind() {
    due(node).forEach(this::held);
    made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    DueWork work = due(node).getFirst();
    ObservedState.Held held = new ObservedState.Held(work.desired().fence(), List.of(), true);

    assertThat(NodeSessions.record(placements, work.placement(), held, LATER))
        .hasValueSatisfying(
            behind -> assertThat(behind).isBetween(Duration.ZERO, Duration.ofMinutes(1)));
    assertThat(NodeSessions.record(placements, work.placement(), held, LATER))
        .as("told again")
        .isEmpty();

    made(helpers.create(EVERYBODY, router, List.of(TFTP_69)));
    assertThat(NodeSessions.record(placements, work.placement(), held, LATER))
        .as("still behind")
        .isEmpty();
  }

  @Test
  void theCensusCountsEveryStateOfPlacements() {
    Map<PlacementState, Long> before = placements.census();
    due(node).forEach(this::held);
    DueWork failing = due(otherNode, router);
    NodeSessions.record(
        placements,
        failing.placement(),
        new ObservedState.Failed(failing.desired().fence(), Reason.CONTENDED, "busy"),
        LATER);

    Map<PlacementState, Long> now = placements.census();
    assertThat(count(now, PlacementState.PROVEN))
        .isEqualTo(count(before, PlacementState.PROVEN) + 2);
    assertThat(count(now, PlacementState.FAILED))
        .isEqualTo(count(before, PlacementState.FAILED) + 1);

    Made refusing = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    Verdict refused =
        Verdict.refused(desired(refusing.helper()), Reason.HELPER_NOT_IN_KERNEL, "no module");
    NodeSessions.record(
        placements,
        due(node).getFirst().placement(),
        new ObservedState.Held(refusing.fence(), List.of(refused), true),
        LATER);
    placements.disconnected(otherNode);

    now = placements.census();
    assertThat(count(now, PlacementState.REFUSED))
        .isEqualTo(count(before, PlacementState.REFUSED) + 1);
    assertThat(count(now, PlacementState.PENDING))
        .isEqualTo(count(before, PlacementState.PENDING) - 2 - 2 + 1);
    assertThat(count(now, PlacementState.UNREACHABLE))
        .isEqualTo(count(before, PlacementState.UNREACHABLE) + 2);
  }

  private static long count(Map<PlacementState, Long> census, PlacementState state) {
    return census.getOrDefault(state, 0L);
  }

  @Test
  void heldVerdictsAreStoredWithTheirFence() {
    Made ftp = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    Made tftp = made(helpers.create(EVERYBODY, router, List.of(TFTP_69)));
    Verdict proven = Verdict.proven(desired(ftp.helper()), EnumSet.allOf(AddressFamily.class));
    Verdict refused =
        Verdict.refused(
            desired(tftp.helper()), Reason.HELPER_NOT_IN_KERNEL, "modprobe nf_conntrack_tftp\0");
    DueWork work = due(otherNode, router);

    NodeSessions.record(
        placements,
        work.placement(),
        new ObservedState.Held(tftp.fence(), List.of(proven, refused), true),
        LATER);

    PlacementView view = viewOn(otherNode);
    assertThat(view.observed()).isEqualTo(tftp.fence());
    assertThat(view.verdicts().values()).hasSize(2).contains(proven);
    assertThat(view.verdictOn(tftp.helper().id(), 1).orElseThrow().detail())
        .isEqualTo("modprobe nf_conntrack_tftp ");
    assertThat(view.failure()).isNull();
    assertThat(view.nodeName()).isEqualTo("node-" + otherNode);
  }

  @Test
  void refusalThatMayHealIsAskedAgainLaterButNewChangeAtOnce() {
    Made ftp = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    DueWork work = due(otherNode, router);
    Verdict refused =
        Verdict.refused(desired(ftp.helper()), Reason.HELPER_NOT_IN_KERNEL, "no module");
    NodeSessions.record(
        placements,
        work.placement(),
        new ObservedState.Held(ftp.fence(), List.of(refused), true),
        LATER);
    held(due(otherNode, otherRouter));

    assertThat(due(otherNode)).isEmpty();
    assertThat(placements.untilNextRetry(List.of(otherNode)).orElseThrow())
        .isBetween(LATER.minusMinutes(1), LATER);

    Made tftp = made(helpers.create(EVERYBODY, router, List.of(TFTP_69)));
    assertThat(due(otherNode, router).desired().fence()).isEqualTo(tftp.fence());
  }

  @Test
  void failureKeepsVerdictsAndWaits() {
    Made ftp = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    held(due(otherNode, router));
    Map<UUID, Verdict> verdicts = viewOn(otherNode).verdicts();
    Made tftp = made(helpers.create(EVERYBODY, router, List.of(TFTP_69)));
    DueWork work = due(otherNode, router);

    fail(work, LATER);

    PlacementView view = viewOn(otherNode);
    assertThat(view.observed()).isEqualTo(ftp.fence());
    assertThat(view.verdicts()).isEqualTo(verdicts);
    assertThat(view.failure()).isEqualTo(Reason.NOT_PERMITTED);
    assertThat(view.failureDetail()).isEqualTo("EPERM");
    assertThat(due(otherNode)).extracting(due -> due.placement().router()).doesNotContain(router);

    // Its time has come: asked again for the same, and this time it goes well.
    fail(work, Duration.ZERO);
    assertThat(due(otherNode, router).attempts()).isEqualTo(2);
    held(due(otherNode, router));
    assertThat(viewOn(otherNode).failure()).isNull();
    assertThat(viewOn(otherNode).observed()).isEqualTo(tftp.fence());
  }

  @Test
  void whereAnothersTableStandsNothingIsProvenAnyMore() {
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    DueWork work = due(otherNode, router);
    held(work);

    NodeSessions.record(
        placements,
        work.placement(),
        new ObservedState.Failed(work.desired().fence(), Reason.FOREIGN_TABLE, "of another"),
        LATER);

    assertThat(viewOn(otherNode).verdicts()).isEmpty();
    assertThat(viewOn(otherNode).failure()).isEqualTo(Reason.FOREIGN_TABLE);
  }

  @Test
  void waitingPlacementIsDueAtOnceAfterChange() {
    DueWork work = due(otherNode, router);
    fail(work, LATER);

    helpers.create(EVERYBODY, router, List.of(FTP_21));

    assertThat(due(otherNode, router).attempts()).isEqualTo(1);
  }

  @Test
  void oldNewsChangesNothing() {
    DueWork older = due(otherNode, router);
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    DueWork newer = due(otherNode, router);
    held(newer);
    PlacementView before = viewOn(otherNode);

    held(older);
    fail(older, LATER);

    assertThat(viewOn(otherNode)).isEqualTo(before);
    assertThat(due(otherNode)).extracting(due -> due.placement().router()).doesNotContain(router);
  }

  @Test
  void supersededByKnownFenceIsAskedAgainLater() {
    DueWork older = due(otherNode, router);
    Made newer = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));

    NodeSessions.record(
        placements,
        older.placement(),
        new ObservedState.Superseded(older.desired().fence(), newer.fence()),
        LATER);

    assertThat(due(otherNode, router).desired().fence()).isEqualTo(newer.fence());
  }

  @Test
  void fenceNewerThanTheDatabaseMakesRaisesTheEpochForAll() {
    DueWork work = due(otherNode, router);
    held(due(otherNode, otherRouter));
    Fence ours = work.desired().fence();
    Fence lost = new Fence(ours.installation(), ours.epoch(), ours.number() + 1);

    // Two nodes report the same restore.
    for (int report = 0; report < 2; report++) {
      NodeSessions.record(
          placements, work.placement(), new ObservedState.Superseded(ours, lost), LATER);
    }

    Fence after = due(otherNode, router).desired().fence();
    assertThat(after.epoch()).isEqualTo(ours.epoch() + 1);
    assertThat(after.isNewerThan(lost)).isTrue();
    assertThat(due(otherNode)).hasSize(2);
  }

  /** What a node remembers it may prove before it is asked; nothing was due ever after. */
  @Test
  void unaskedProofNewerThanTheDatabaseMakesRaisesTheEpoch() {
    DueWork work = due(otherNode, router);
    Fence ours = work.desired().fence();
    Fence lost = new Fence(ours.installation(), ours.epoch(), ours.number() + 1);

    NodeSessions.record(
        placements, work.placement(), new ObservedState.Held(lost, List.of(), false), LATER);

    Fence after = due(otherNode, router).desired().fence();
    assertThat(after.isNewerThan(lost)).isTrue();
  }

  @Test
  void ofAnUnknownRouterOnlyFencesThatWereNeverDrawnRaiseTheEpoch() {
    Fence drawn = placements.ifUnknown(RouterId.random()).orElseThrow().fence();
    RouterId unknown = RouterId.random();
    Fence ours = placements.ifUnknown(unknown).orElseThrow().fence();
    Placement placement = new Placement(unknown, node, "qrouter-" + unknown);

    NodeSessions.record(placements, placement, new ObservedState.Superseded(drawn, ours), LATER);
    assertThat(placements.ifUnknown(unknown).orElseThrow().fence().epoch()).isEqualTo(ours.epoch());

    Fence lost = new Fence(ours.installation(), ours.epoch(), ours.number() + 1000);
    NodeSessions.record(placements, placement, new ObservedState.Superseded(ours, lost), LATER);
    assertThat(placements.ifUnknown(unknown).orElseThrow().fence().isNewerThan(lost)).isTrue();
  }

  @Test
  void fenceOfAnotherInstallationRaisesNothing() {
    DueWork work = due(otherNode, router);
    Fence ours = work.desired().fence();
    Fence foreign = new Fence(node().value(), ours.epoch() + 5, 1);

    NodeSessions.record(
        placements, work.placement(), new ObservedState.Superseded(ours, foreign), Duration.ZERO);

    assertThat(due(otherNode, router).desired().fence()).isEqualTo(ours);
  }

  @Test
  void reconnectingMakesEverythingDueAndNothingIsProvenAnyMore() {
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    due(otherNode).forEach(this::held);
    assertThat(viewOn(otherNode).verdicts()).hasSize(1);

    connect(placements, otherNode, qrouter(router, 1), qrouter(otherRouter, 2));

    assertThat(due(otherNode)).hasSize(2);
    assertThat(viewOn(otherNode).observed()).isNull();
    assertThat(viewOn(otherNode).verdicts()).isEmpty();
  }

  @Test
  void anotherCookieIsAnotherNamespace() {
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    due(otherNode).forEach(this::held);

    connect(placements, otherNode, qrouter(router, 99), qrouter(otherRouter, 2));

    assertThat(viewOn(otherNode).observed()).isNull();
    assertThat(viewOn(otherNode).verdicts()).isEmpty();

    due(otherNode).forEach(this::held);
    NodeSessions.appeared(placements, otherNode, qrouter(router, 100));

    assertThat(viewOn(otherNode).observed()).isNull();
    assertThat(due(otherNode)).hasSize(1);
  }

  @Test
  void whatNodeNoLongerReportsIsGone() {
    connect(placements, node, snat(router, 2));
    assertThat(placements.viewsOf(router))
        .extracting(view -> view.placement().namespace())
        .containsExactlyInAnyOrder("snat-" + router, "qrouter-" + router);

    connect(placements, node);
    NodeSessions.record(
        placements, due(otherNode, router).placement(), new ObservedState.Gone(), Duration.ZERO);

    assertThat(placements.viewsOf(router)).isEmpty();
    assertThat(placements.viewsOf(otherRouter)).hasSize(1);
  }

  @Test
  void nodeIsAliveUntilItsLeaseEnds() {
    assertThat(viewOn(otherNode).nodeAlive()).isTrue();

    placements.disconnected(otherNode);
    assertThat(viewOn(otherNode).nodeAlive()).isFalse();

    NodeSessions.heartbeat(placements, Fixture.identity(otherNode), LEASE);
    assertThat(viewOn(otherNode).nodeAlive()).isTrue();
  }

  @Test
  void viewsOfSeveralRoutersComeTogether() {
    assertThat(placements.viewsOf(Set.of(router, otherRouter, RouterId.random())))
        .containsOnlyKeys(router, otherRouter)
        .hasEntrySatisfying(router, views -> assertThat(views).hasSize(3))
        .hasEntrySatisfying(otherRouter, views -> assertThat(views).hasSize(1));
  }

  @Test
  void installationIsThatOfEveryFence() {
    assertThat(due(node).getFirst().desired().fence().installation())
        .isEqualTo(placements.installation());
  }

  /** Whoever looks in the placements of one router finds what is his of it. */
  private List<DueWork> due(NodeId which) {
    List<DueWork> all = placements.due(List.of(which), 100);
    for (RouterId one : List.of(router, otherRouter)) {
      assertThat(placements.due(Set.of(one), 100))
          .filteredOn(work -> work.placement().node().equals(which))
          .isEqualTo(all.stream().filter(work -> work.placement().router().equals(one)).toList());
    }
    return all;
  }

  private DueWork due(NodeId which, RouterId of) {
    return due(which).stream()
        .filter(work -> work.placement().router().equals(of))
        .findFirst()
        .orElseThrow();
  }

  private void held(DueWork work) {
    List<Verdict> verdicts =
        work.desired().helpers().stream()
            .map(helper -> Verdict.proven(helper, EnumSet.allOf(AddressFamily.class)))
            .toList();
    NodeSessions.record(
        placements,
        work.placement(),
        new ObservedState.Held(work.desired().fence(), verdicts, true),
        Duration.ZERO);
  }

  private void fail(DueWork work, Duration retryAfter) {
    NodeSessions.record(
        placements,
        work.placement(),
        new ObservedState.Failed(work.desired().fence(), Reason.NOT_PERMITTED, "EPERM"),
        retryAfter);
  }

  private PlacementView viewOn(NodeId which) {
    return placements.viewsOf(router).stream()
        .filter(view -> view.placement().node().equals(which))
        .findFirst()
        .orElseThrow();
  }
}
