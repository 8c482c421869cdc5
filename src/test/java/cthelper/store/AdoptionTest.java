package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static cthelper.store.Fixture.snat;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.Router;
import cthelper.model.RouterId;
import cthelper.testing.AtOnce;
import cthelper.testing.NodeSessions;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Namespaces that become routers, and routers that outlive their deletion as tombstones. */
@QuarkusTest
class AdoptionTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;

  private final RouterId router = RouterId.random();
  private final RouterId otherRouter = RouterId.random();
  private final NodeId node = node();
  private final NodeId otherNode = node();

  @Test
  void unknownRouterIsNotDueUntilItIsAdopted() {
    connect(placements, node, qrouter(router, 1), snat(otherRouter, 2));
    assertThat(due(node)).isEmpty();
    assertThat(placements.untilNextRetry(List.of(node))).isEmpty();

    assertThat(placements.adopt(node, "owner")).containsExactly(router);

    Router adopted = routers.find(EVERYBODY, router).orElseThrow();
    assertThat(adopted.projectId()).isEqualTo("owner");
    assertThat(adopted.description()).isEqualTo("adopted from namespace qrouter-" + router);
    assertThat(due(node)).extracting(work -> work.placement().router()).containsExactly(router);
    assertThat(routers.find(EVERYBODY, otherRouter)).isEmpty();
    assertThat(placements.adopt(node, "owner")).isEmpty();
  }

  @Test
  void onlyTheAskedNodesNamespacesAreAdopted() {
    connect(placements, node, qrouter(router, 1));
    connect(placements, otherNode, qrouter(otherRouter, 1));

    assertThat(placements.adopt(otherNode, "owner")).containsExactly(otherRouter);
  }

  @Test
  void routerSeenByManyNodesIsAdoptedOnce() throws Exception {
    List<NodeId> nodes = List.of(node, otherNode, node(), node());
    nodes.forEach(each -> connect(placements, each, qrouter(router, 1)));

    List<List<RouterId>> adopted =
        AtOnce.run(nodes.size(), i -> placements.adopt(nodes.get(i), "owner"));

    assertThat(adopted.stream().flatMap(List::stream)).containsExactly(router);
  }

  @Test
  void deletedRouterDesiresNothingAndIsNotAdoptedAgain() {
    routers.create(List.of(newRouter(router)));
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    connect(placements, node, qrouter(router, 1));
    due(node).forEach(this::held);

    routers.delete(EVERYBODY, router, _ -> {});

    DueWork forget = due(node).getFirst();
    assertThat(forget.desired().isEmpty()).isTrue();
    held(forget);
    assertThat(due(node)).isEmpty();
    assertThat(placements.adopt(node, "owner")).isEmpty();
    assertThat(rowsOf(router)).isEqualTo(1);
  }

  @Test
  void tombstoneGoesWithTheLastNamespaceAndThenTheIdIsUnknown() {
    routers.create(List.of(newRouter(router)));
    connect(placements, node, qrouter(router, 1));
    connect(placements, otherNode, qrouter(router, 1));
    routers.delete(EVERYBODY, router, _ -> {});

    NodeSessions.vanished(placements, node, "qrouter-" + router);
    assertThat(rowsOf(router)).isEqualTo(1);
    connect(placements, otherNode);
    assertThat(rowsOf(router)).isZero();

    NodeSessions.appeared(placements, node, qrouter(router, 2));
    assertThat(due(node)).isEmpty();
    assertThat(placements.adopt(node, "owner")).containsExactly(router);
  }

  @Test
  void routerWithoutNamespacesLeavesNoTombstone() {
    routers.create(List.of(newRouter(router)));

    routers.delete(EVERYBODY, router, _ -> {});

    assertThat(rowsOf(router)).isZero();
  }

  @Test
  void tombstoneGoesHoweverDeletionAndVanishingsMeet() throws Exception {
    for (int round = 0; round < 20; round++) {
      RouterId id = RouterId.random();
      routers.create(List.of(newRouter(id)));
      connect(placements, node, qrouter(id, 1));
      connect(placements, otherNode, qrouter(id, 1));

      List<Runnable> events =
          List.of(
              () -> routers.delete(EVERYBODY, id, _ -> {}),
              () -> NodeSessions.vanished(placements, node, "qrouter-" + id),
              () -> NodeSessions.vanished(placements, otherNode, "qrouter-" + id));
      AtOnce.run(
          events.size(),
          i -> {
            events.get(i).run();
            return i;
          });

      assertThat(rowsOf(id)).isZero();
    }
  }

  private List<DueWork> due(NodeId which) {
    return placements.due(List.of(which), 100);
  }

  private void held(DueWork work) {
    NodeSessions.record(
        placements,
        work.placement(),
        new ObservedState.Held(work.desired().fence(), List.of(), true),
        Duration.ZERO);
  }

  /** Rows of this router, the tombstone included. */
  private static long rowsOf(RouterId id) {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            Panache.getSession()
                .createNativeQuery("SELECT count(*) FROM router WHERE id = :id", Long.class)
                .setParameter("id", id.value())
                .getSingleResult());
  }
}
