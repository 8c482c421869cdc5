package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static cthelper.store.Fixture.stored;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.Fence;
import cthelper.model.NodeId;
import cthelper.model.Router;
import cthelper.model.RouterId;
import cthelper.store.ConntrackHelperStore.NoSuchRouter;
import cthelper.store.RouterStore.Creation;
import cthelper.store.RouterStore.NumberedRouter;
import cthelper.testing.AtOnce;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RouterStoreTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;
  @Inject SignalRecorder signals;

  private final RouterId router = RouterId.random();
  private final RouterId otherRouter = RouterId.random();

  @BeforeEach
  void twoRouters() {
    routers.create(List.of(newRouter(router)));
    routers.create(List.of(newRouter(otherRouter)));
  }

  @Test
  void createdRouterIsStoredAtRevisionOne() {
    RouterId id = RouterId.random();

    Router created =
        created(
            routers.create(
                List.of(new NewRouter(id, "red", "edge", "of town", false, true, true))));

    assertThat(created.id()).isEqualTo(id);
    assertThat(created.projectId()).isEqualTo("red");
    assertThat(created.name()).isEqualTo("edge");
    assertThat(created.description()).isEqualTo("of town");
    assertThat(created.adminStateUp()).isFalse();
    assertThat(created.distributed()).isTrue();
    assertThat(created.ha()).isTrue();
    assertThat(created.revision()).isEqualTo(1);
    assertThat(created.createdAt()).isEqualTo(created.updatedAt());
    assertThat(routers.find(EVERYBODY, id)).contains(created);
  }

  @Test
  void takenIdIsToldAndLeavesTheRouterAlone() {
    Router before = routers.find(EVERYBODY, router).orElseThrow();

    assertThat(
            routers.create(List.of(new NewRouter(router, "red", "thief", "", true, false, false))))
        .isEqualTo(new Creation.IdTaken(router));

    assertThat(routers.find(EVERYBODY, router)).contains(before);
  }

  @Test
  void ofSeveralAllOrNoneAreCreated() {
    NewRouter first = newRouter();
    NewRouter second = newRouter();

    assertThat(routers.create(List.of(first, second, newRouter(router))))
        .isEqualTo(new Creation.IdTaken(router));
    assertThat(routers.create(List.of(first, second, first)))
        .isEqualTo(new Creation.IdTaken(first.id()));
    assertThat(routers.find(EVERYBODY, first.id())).isEmpty();
    assertThat(routers.find(EVERYBODY, second.id())).isEmpty();

    assertThat(((Creation.Created) routers.create(List.of(second, first))).routers())
        .extracting(made -> made.router().id())
        .containsExactly(second.id(), first.id());
  }

  /** Whoever is first with one of them does not wait for the other with the rest. */
  @Test
  void severalInOppositeOrdersAtOnceDoNotBlockEachOther() throws Exception {
    List<NewRouter> wanted = Stream.generate(Fixture::newRouter).limit(50).toList();

    List<Creation> results =
        AtOnce.run(8, client -> routers.create(client % 2 == 0 ? wanted : wanted.reversed()));

    assertThat(results).filteredOn(Creation.Created.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Creation.IdTaken.class::isInstance).hasSize(7);
  }

  @Test
  void ofEqualIdsAtOnceExactlyOneIsCreated() throws Exception {
    RouterId id = RouterId.random();

    List<Creation> results = AtOnce.run(8, client -> routers.create(List.of(newRouter(id))));

    assertThat(results).filteredOn(Creation.Created.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Creation.IdTaken.class::isInstance).hasSize(7);
  }

  @Test
  void selectionIsAllSetsTogether() {
    Router one = routers.find(EVERYBODY, router).orElseThrow();
    Router two = routers.find(EVERYBODY, otherRouter).orElseThrow();
    RouterSelection both = RouterSelection.all().withIds(Set.of(router, otherRouter));

    assertThat(routers.list(both)).containsExactlyInAnyOrder(one, two);
    assertThat(routers.list(both.named(Set.of(one.name())))).containsExactly(one);
    assertThat(routers.list(both.ofProjects(Set.of("project", "red")))).hasSize(2);
    assertThat(routers.list(both.ofProjects(Set.of("red")))).isEmpty();
    assertThat(routers.list(both.named(Set.of()))).isEmpty();
    assertThat(routers.list(RouterSelection.all())).contains(one, two);
  }

  @Test
  void updateChangesWhatItNamesAndDrawsNoFence() {
    Router before = routers.find(EVERYBODY, router).orElseThrow();
    signals.forget();

    Router after =
        routers
            .update(EVERYBODY, router, _ -> {}, new RouterChange("new", null, null, null, true))
            .orElseThrow();

    assertThat(after.name()).isEqualTo("new");
    assertThat(after.ha()).isTrue();
    assertThat(after.description()).isEqualTo(before.description());
    assertThat(after.revision()).isEqualTo(2);
    assertThat(after.updatedAt()).isAfter(before.updatedAt());
    assertThat(routers.find(EVERYBODY, router)).contains(after);
    assertThat(signals.seen()).isEmpty();
  }

  @Test
  void concurrentUpdatesAllCount() throws Exception {
    AtOnce.run(
        16,
        client ->
            routers.update(
                EVERYBODY,
                router,
                _ -> {},
                new RouterChange(null, "by " + client, null, null, null)));

    assertThat(routers.find(EVERYBODY, router).orElseThrow().revision()).isEqualTo(17);
  }

  @Test
  void deletedRouterIsGoneForEveryMethod() {
    helpers.create(EVERYBODY, router, List.of(FTP_21));

    assertThat(routers.delete(EVERYBODY, router, _ -> {})).isPresent();

    assertThat(routers.find(EVERYBODY, router)).isEmpty();
    assertThat(routers.list(RouterSelection.all().withIds(Set.of(router)))).isEmpty();
    assertThat(
            routers.update(
                EVERYBODY, router, _ -> {}, new RouterChange("x", null, null, null, null)))
        .isEmpty();
    assertThat(routers.delete(EVERYBODY, router, _ -> {})).isEmpty();
    assertThat(stored(helpers, router)).isEmpty();
    assertThat(helpers.create(EVERYBODY, router, List.of(FTP_21))).isEqualTo(new NoSuchRouter());
    assertThat(routers.find(EVERYBODY, otherRouter)).isPresent();
  }

  @Test
  void deletedRouterWithNamespacesComesBackNewWithNewerFence() {
    NodeId node = node();
    connect(placements, node, qrouter(router, 1));
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    Fence buried = routers.delete(EVERYBODY, router, _ -> {}).orElseThrow();

    NumberedRouter back =
        made(
            routers.create(List.of(new NewRouter(router, "blue", "back", "", true, false, false))));

    assertThat(back.fence().isNewerThan(buried)).isTrue();
    assertThat(back.router().revision()).isEqualTo(1);
    assertThat(back.router().projectId()).isEqualTo("blue");
    assertThat(routers.find(EVERYBODY, router)).contains(back.router());
    assertThat(stored(helpers, router)).isEmpty();
  }

  @Test
  void signalComesAfterCommitAndOnlyForWhatWasCommitted() {
    signals.forget();
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    helpers.create(EVERYBODY, router, List.of(FTP_21));
    helpers.create(EVERYBODY, RouterId.random(), List.of(FTP_21));
    routers.delete(EVERYBODY, otherRouter, _ -> {});

    assertThat(signals.seen())
        .containsExactly(new RouterChanged(router), new RouterChanged(otherRouter));
  }

  private static Router created(Creation creation) {
    return made(creation).router();
  }

  private static NumberedRouter made(Creation creation) {
    return switch (creation) {
      case Creation.Created(List<NumberedRouter> made) -> made.getFirst();
      case Creation.IdTaken _, Creation.TooMany _ -> throw new AssertionError(creation);
    };
  }
}
