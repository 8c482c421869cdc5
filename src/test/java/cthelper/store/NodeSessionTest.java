package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.LATER;
import static cthelper.store.Fixture.LEASE;
import static cthelper.store.Fixture.identity;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.qrouter;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.DriftRepairs;
import cthelper.model.HelperStatus;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.PlacementView;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.store.Fixture.Made;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of two connections with one node's id the newer is believed. The router lives on two nodes. */
@QuarkusTest
class NodeSessionTest {

  private static final UUID FIRST = new UUID(0, 1);
  private static final UUID SECOND = new UUID(0, 2);

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;

  private final RouterId router = RouterId.random();
  private final NodeId node = Fixture.node();
  private final NodeId otherNode = Fixture.node();
  private Made ftp;

  @BeforeEach
  void aHelperOnTwoNodes() {
    routers.create(List.of(newRouter(router)));
    ftp = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    hold(connect(otherNode, FIRST));
  }

  private NodeSession connect(NodeId id, UUID process) {
    return placements.connected(identity(id), process, LEASE, List.of(qrouter(router, 1)));
  }

  private void hold(NodeSession session) {
    record(
        session,
        new Held(
            ftp.fence(),
            List.of(Verdict.proven(Fixture.desired(ftp.helper()), FTP_21.type().families())),
            true));
  }

  private void record(NodeSession session, ObservedState state) {
    placements.record(
        session, new Placement(router, session.node(), "qrouter-" + router), state, LATER);
  }

  private PlacementView view(NodeId id) {
    return placements.viewsOf(router).stream()
        .filter(view -> view.placement().node().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private HelperStatus.State status() {
    return HelperStatus.of(ftp.helper(), placements.viewsOf(router)).state();
  }

  @Test
  void everySessionIsNewerThanTheOneBefore() {
    NodeSession first = connect(node, FIRST);
    NodeSession again = connect(node, FIRST);
    NodeSession second = connect(node, SECOND);
    assertThat(again.number()).isGreaterThan(first.number());
    assertThat(second.number()).isGreaterThan(again.number());
  }

  @Test
  void whatAnOlderSessionReportsChangesNothing() {
    NodeSession older = connect(node, FIRST);
    NodeSession newer = connect(node, SECOND);

    hold(older);
    assertThat(view(node).verdicts()).isEmpty();
    record(older, new ObservedState.Failed(ftp.fence(), Reason.NOT_PERMITTED, "EPERM"));
    assertThat(view(node).failure()).isNull();
    record(older, new Gone());
    placements.vanished(older, "qrouter-" + router);
    assertThat(placements.viewsOf(router)).hasSize(2);
    placements.drifted(
        older, view(node).placement(), new DriftRepairs(1, "deleted table", "nft", 1));
    assertThat(view(node).drift().repairs()).isZero();
    placements.appeared(older, new ReportedNamespace("snat-" + router, router, false, 2));
    assertThat(placements.viewsOf(router)).hasSize(2);
    assertThat(placements.heartbeat(Map.of(older, identity(node)), LEASE)).isEmpty();
    placements.disconnected(older);
    assertThat(view(node).nodeAlive()).isTrue();

    hold(newer);
    assertThat(view(node).verdicts()).hasSize(1);
    Map<NodeSession, NodeIdentity> both = Map.of(newer, identity(node), older, identity(node));
    assertThat(placements.heartbeat(both, LEASE)).containsExactly(newer);
    placements.appeared(newer, new ReportedNamespace("snat-" + router, router, false, 2));
    assertThat(placements.viewsOf(router)).hasSize(3);
    placements.vanished(newer, "snat-" + router);
    assertThat(placements.viewsOf(router)).hasSize(2);
    placements.disconnected(newer);
    assertThat(view(node).nodeAlive()).isFalse();
  }

  /** A namespace that a newer session has not reported yet belongs to the older one's past. */
  @Test
  void aNamespaceThatAppearsBelongsToTheSessionThatSaysSo() {
    NodeSession session = placements.connected(identity(node), FIRST, LEASE, List.of());
    placements.appeared(session, qrouter(router, 7));
    hold(session);
    assertThat(view(node).verdicts()).hasSize(1);
  }

  @Test
  void twoThatTakeTurnsAreAnErrorUntilOneIsQuiet() {
    takeTurns(4);
    assertThat(status()).isEqualTo(HelperStatus.State.ACTIVE);

    takeTurns(1);
    assertThat(view(node).failure()).isEqualTo(Reason.DUPLICATE_NODE);
    assertThat(status()).isEqualTo(HelperStatus.State.ERROR);
    assertThat(view(otherNode).failure()).isNull();

    aMinutePasses();
    assertThat(view(node).failure()).isNull();
    assertThat(status()).isEqualTo(HelperStatus.State.ACTIVE);
  }

  private int turn;

  private void takeTurns(int turns) {
    for (int i = 0; i < turns; i++, turn++) {
      hold(connect(node, turn % 2 == 0 ? FIRST : SECOND));
    }
  }

  /** As if they had taken turns a minute earlier. */
  private void aMinutePasses() {
    QuarkusTransaction.requiringNew()
        .run(() ->
            Panache.getSession()
                .createNativeMutationQuery(
                    """
                    UPDATE agent SET swapped_at =
                      ARRAY(SELECT at - interval '1 minute' FROM unnest(swapped_at) AS at)
                    WHERE id = :id
                    """)
                .setParameter("id", node.value())
                .executeUpdate());
  }

  @Test
  void aNodeThatIsStartedOrConnectedOftenIsNoDuplicate() {
    for (int i = 0; i < 10; i++) {
      NodeSession session = connect(node, new UUID(1, i));
      hold(connect(session.node(), new UUID(1, i)));
    }
    assertThat(view(node).failure()).isNull();
    assertThat(status()).isEqualTo(HelperStatus.State.ACTIVE);
  }

  @Test
  void threeThatTakeTurnsAreAnErrorToo() {
    for (int i = 0; i < 6; i++) {
      hold(connect(node, new UUID(2, i % 3)));
    }
    assertThat(view(node).failure()).isEqualTo(Reason.DUPLICATE_NODE);
  }
}
