package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static cthelper.store.Fixture.stored;
import static cthelper.store.RouterOwners.Loss.FORGOTTEN;
import static cthelper.store.RouterOwners.Loss.KEPT;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.Fence;
import cthelper.model.NodeId;
import cthelper.model.ProjectScope;
import cthelper.model.Router;
import cthelper.model.RouterId;
import cthelper.store.RouterOwners.Owned;
import cthelper.testing.AtOnce;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the Networking service says of a router changes whose it is, and never its helpers. */
@QuarkusTest
class RouterOwnersTest {

  private static final ProjectScope OWNER = ProjectScope.of("owner");

  @Inject RouterOwners owners;
  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;

  private final RouterId router = RouterId.random();
  private final NodeId node = node();

  @Test
  void whatIsLearnedIsThereOnce() {
    assertThat(owners.of(router)).isEmpty();

    assertThat(owners.learn(router, "owner", "edge")).isTrue();
    assertThat(owners.learn(router, "owner", "edge")).isFalse();

    assertThat(owners.of(router)).contains(new Owned(RouterOrigin.NETWORKING, "owner", "edge"));
    Router learned = routers.find(OWNER, router).orElseThrow();
    assertThat(learned.name()).isEqualTo("edge");
    assertThat(learned.revision()).isEqualTo(1);
  }

  @Test
  void ofManyAtOnceOneMakesIt() throws Exception {
    assertThat(AtOnce.run(8, _ -> owners.learn(router, "owner", "edge")))
        .containsOnlyOnce(true)
        .hasSize(8);
  }

  @Test
  void whatWasPostedIsNeitherCorrectedNorLost() {
    routers.create(List.of(newRouter(router)));
    Router before = routers.find(EVERYBODY, router).orElseThrow();

    assertThat(owners.learn(router, "owner", "edge")).isFalse();
    assertThat(owners.lost(router)).isEmpty();

    assertThat(routers.find(EVERYBODY, router)).contains(before);
    assertThat(owners.of(router).orElseThrow().origin()).isEqualTo(RouterOrigin.POSTED);
  }

  /** Posted in the project of all users: it says no more than an adopted one. */
  @Test
  void whatWasPostedWithoutAuthenticationIsNobodys() {
    routers.create(List.of(new NewRouter(router, "fake_project_id", "", "", true, false, false)));
    Owned owned = owners.of(router).orElseThrow();
    assertThat(owned.origin()).isEqualTo(RouterOrigin.ADOPTED);
    assertThat(owned.isIn(EVERYBODY)).isFalse();

    assertThat(owners.learn(router, "owner", "edge")).isTrue();

    assertThat(owners.of(router).orElseThrow().isIn(OWNER)).isTrue();
  }

  @Test
  void anAdoptedOneKeepsItsHelpersAndItsFence() {
    connect(placements, node, qrouter(router, 1));
    placements.adopt(node, "fake_project_id");
    assertThat(owners.of(router).orElseThrow().origin()).isEqualTo(RouterOrigin.ADOPTED);
    Fence fence = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).fence();

    assertThat(owners.learn(router, "owner", "edge")).isTrue();

    assertThat(stored(helpers, router)).hasSize(1);
    assertThat(routers.fenceOf(router)).contains(fence);
    assertThat(routers.find(OWNER, router)).isPresent();
  }

  @Test
  void oneThatIsBeingDeletedComesBackWithANewerFence() {
    connect(placements, node, qrouter(router, 1));
    owners.learn(router, "owner", "edge");
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    Fence buried = routers.delete(EVERYBODY, router, _ -> {}).orElseThrow();
    assertThat(owners.of(router)).isEmpty();

    assertThat(owners.learn(router, "owner", "edge")).isTrue();

    assertThat(routers.fenceOf(router).orElseThrow().number()).isGreaterThan(buried.number());
    assertThat(stored(helpers, router)).isEmpty();
  }

  @Test
  void oneThatIsLostWithoutHelpersIsDeleted() {
    owners.learn(router, "owner", "edge");

    assertThat(owners.lost(router)).contains(FORGOTTEN);
    assertThat(owners.lost(router)).isEmpty();

    assertThat(routers.find(EVERYBODY, router)).isEmpty();
  }

  @Test
  void oneThatIsLostWithHelpersIsNobodysAndHoldsWhatItHeld() {
    connect(placements, node, qrouter(router, 1));
    owners.learn(router, "owner", "edge");
    Fence fence = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).fence();

    assertThat(owners.lost(router)).contains(KEPT);
    assertThat(owners.lost(router)).isEmpty();

    assertThat(routers.find(OWNER, router)).isEmpty();
    assertThat(routers.fenceOf(router)).contains(fence);
    assertThat(placements.due(List.of(node), 9))
        .singleElement()
        .satisfies(work -> assertThat(work.desired().isEmpty()).isFalse());

    owners.learn(router, "owner", "edge");
    assertThat(helpers.of(OWNER, router)).hasSize(1);
  }

  /** Either the helper was there first, and stays, or the router was gone before it. */
  @Test
  void aHelperIsNeverDeletedWithARouterThatIsLost() throws Exception {
    for (RouterId one : IntStream.range(0, 30).mapToObj(_ -> RouterId.random()).toList()) {
      owners.learn(one, "owner", "edge");

      List<Object> both =
          AtOnce.run(
              2, i -> i == 0 ? owners.lost(one) : helpers.create(EVERYBODY, one, List.of(FTP_21)));

      boolean isMade = both.get(1) instanceof ConntrackHelperStore.Created;
      assertThat(stored(helpers, one)).hasSize(isMade ? 1 : 0);
    }
  }
}
