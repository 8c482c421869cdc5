package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.FTP_2121;
import static cthelper.store.Fixture.SIP_TCP_21;
import static cthelper.store.Fixture.TFTP_69;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.spec;
import static cthelper.store.Fixture.stored;
import static cthelper.store.Fixture.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.model.ConntrackHelper;
import cthelper.model.Fence;
import cthelper.model.Protocol;
import cthelper.model.ReportedHelper;
import cthelper.model.RouterId;
import cthelper.store.ConntrackHelperStore.Created;
import cthelper.store.ConntrackHelperStore.Creation;
import cthelper.store.ConntrackHelperStore.NoSuchHelper;
import cthelper.store.ConntrackHelperStore.NoSuchRouter;
import cthelper.store.ConntrackHelperStore.PortTaken;
import cthelper.store.Fixture.Made;
import cthelper.testing.AtOnce;
import cthelper.testing.PostgresResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(value = PostgresResource.class, scope = TestResourceScope.GLOBAL)
class ConntrackHelperStoreTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;

  private final RouterId router = RouterId.random();
  private final RouterId otherRouter = RouterId.random();

  @BeforeEach
  void twoRouters() {
    routers.create(List.of(newRouter(router)));
    routers.create(List.of(newRouter(otherRouter)));
  }

  @Test
  void createdHelperIsStoredAtRevisionOneAndCountedByItsRouter() {
    Made created = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));

    ConntrackHelper helper = created.helper();
    assertThat(helper.revision()).isEqualTo(1);
    assertThat(helper.spec()).isEqualTo(FTP_21);
    assertThat(helper.router()).isEqualTo(router);
    assertThat(helpers.find(EVERYBODY, router, helper.id()).map(ReportedHelper::helper))
        .contains(helper);
    assertThat(stored(helpers, router)).containsExactly(helper);
    assertThat(stored(helpers, otherRouter)).isEmpty();
    assertThat(revisionOf(router)).isEqualTo(2);
    assertThat(routers.find(EVERYBODY, router).orElseThrow().updatedAt())
        .isEqualTo(helper.createdAt());
    assertThat(revisionOf(otherRouter)).isEqualTo(1);
  }

  @Test
  void everyChangeDrawsNewerFence() {
    Made created = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    Made updated =
        written(helpers.update(EVERYBODY, router, created.helper().id(), old -> FTP_2121));
    Made deleted =
        Made.of(helpers.delete(EVERYBODY, router, created.helper().id(), _ -> {}).orElseThrow());

    assertThat(updated.fence().isNewerThan(created.fence())).isTrue();
    assertThat(deleted.fence().isNewerThan(updated.fence())).isTrue();
    assertThat(deleted.helper().spec()).isEqualTo(FTP_2121);
    assertThat(stored(helpers, router)).isEmpty();
    assertThat(revisionOf(router)).isEqualTo(4);
  }

  @Test
  void secondHelperOfPortIsRefusedWithTheFirstAndLeavesNoTrace() {
    ConntrackHelper first = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();

    assertThat(helpers.create(EVERYBODY, router, List.of(FTP_21)))
        .isEqualTo(new PortTaken(first.spec()));
    assertThat(helpers.create(EVERYBODY, router, List.of(SIP_TCP_21)))
        .isEqualTo(new PortTaken(first.spec()));

    assertThat(stored(helpers, router)).containsExactly(first);
    assertThat(revisionOf(router)).isEqualTo(2);
    assertThat(helpers.create(EVERYBODY, otherRouter, List.of(FTP_21))).isInstanceOf(Created.class);
  }

  @Test
  void updateOntoTakenPortIsRefused() {
    ConntrackHelper first = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();
    ConntrackHelper second = made(helpers.create(EVERYBODY, router, List.of(FTP_2121))).helper();

    assertThat(helpers.update(EVERYBODY, router, second.id(), old -> SIP_TCP_21))
        .isEqualTo(new PortTaken(first.spec()));

    assertThat(helpers.find(EVERYBODY, router, second.id()).map(ReportedHelper::helper))
        .contains(second);
    assertThat(revisionOf(router)).isEqualTo(3);
  }

  @Test
  void updateToTheSameIsStillNewRevision() {
    ConntrackHelper helper = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();

    ConntrackHelper same =
        written(helpers.update(EVERYBODY, router, helper.id(), old -> old.spec())).helper();

    assertThat(same.revision()).isEqualTo(2);
    assertThat(same.createdAt()).isEqualTo(helper.createdAt());
    assertThat(same.updatedAt()).isAfter(helper.updatedAt());
    assertThat(helpers.find(EVERYBODY, router, helper.id()).map(ReportedHelper::helper))
        .contains(same);
    assertThat(revisionOf(router)).isEqualTo(3);
  }

  @Test
  void changeThatThrowsChangesNothing() {
    ConntrackHelper helper = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();

    assertThatThrownBy(() ->
            helpers.update(
                EVERYBODY,
                router,
                helper.id(),
                old -> {
                  throw new IllegalArgumentException("not allowed");
                }))
        .hasMessage("not allowed");

    assertThat(stored(helpers, router)).containsExactly(helper);
    assertThat(revisionOf(router)).isEqualTo(2);
  }

  @Test
  void helperOfAnotherRouterDoesNotExist() {
    ConntrackHelper helper = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();

    assertThat(helpers.find(EVERYBODY, otherRouter, helper.id())).isEmpty();
    assertThat(helpers.update(EVERYBODY, otherRouter, helper.id(), old -> TFTP_69))
        .isEqualTo(new NoSuchHelper());
    assertThat(helpers.delete(EVERYBODY, otherRouter, helper.id(), _ -> {})).isEmpty();

    assertThat(stored(helpers, router)).containsExactly(helper);
    assertThat(revisionOf(otherRouter)).isEqualTo(1);
  }

  @Test
  void unknownRouterHasNoHelpers() {
    RouterId unknown = RouterId.random();

    assertThat(helpers.create(EVERYBODY, unknown, List.of(FTP_21))).isEqualTo(new NoSuchRouter());
    assertThat(helpers.update(EVERYBODY, unknown, UUID.randomUUID(), old -> FTP_21))
        .isEqualTo(new NoSuchHelper());
    assertThat(helpers.delete(EVERYBODY, unknown, UUID.randomUUID(), _ -> {})).isEmpty();
    assertThat(stored(helpers, unknown)).isEmpty();
  }

  @Test
  void severalAreOneChangeInTheOrderAskedFor() {
    Created made = (Created) helpers.create(EVERYBODY, router, List.of(TFTP_69, FTP_2121, FTP_21));

    assertThat(made.helpers())
        .extracting(one -> one.helper().spec())
        .containsExactly(TFTP_69, FTP_2121, FTP_21);
    assertThat(stored(helpers, router))
        .containsExactlyInAnyOrderElementsOf(
            made.helpers().stream().map(ReportedHelper::helper).toList());
    assertThat(revisionOf(router)).isEqualTo(2);
  }

  @Test
  void ofSeveralAllOrNoneAreCreated() {
    ConntrackHelper first = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();

    assertThat(helpers.create(EVERYBODY, router, List.of(TFTP_69, SIP_TCP_21, FTP_2121)))
        .isEqualTo(new PortTaken(first.spec()));
    assertThat(helpers.create(EVERYBODY, router, List.of(TFTP_69, FTP_2121, TFTP_69)))
        .isInstanceOf(PortTaken.class);

    assertThat(stored(helpers, router)).containsExactly(first);
    assertThat(revisionOf(router)).isEqualTo(2);
  }

  @Test
  void whatTheCheckRefusesIsNotDeleted() {
    ConntrackHelper helper = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();

    assertThatThrownBy(() ->
            helpers.delete(
                EVERYBODY,
                router,
                helper.id(),
                old -> {
                  throw new IllegalStateException("at revision " + old.revision());
                }))
        .hasMessage("at revision 1");

    assertThat(stored(helpers, router)).containsExactly(helper);
    assertThat(revisionOf(router)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void ofEqualCreatesAtOnceExactlyOneSucceeds(int clients) throws Exception {
    List<Creation> results =
        AtOnce.run(clients, client -> helpers.create(EVERYBODY, router, List.of(FTP_21)));

    ConntrackHelper stored = stored(helpers, router).getFirst();
    assertThat(results).filteredOn(Created.class::isInstance).hasSize(1);
    assertThat(results)
        .filteredOn(PortTaken.class::isInstance)
        .hasSize(clients - 1)
        .containsOnly(new PortTaken(stored.spec()));
    assertThat(stored(helpers, router)).hasSize(1);
    assertThat(revisionOf(router)).isEqualTo(2);
  }

  /** Creates, updates and deletes of 16 clients on two routers at once, 10 rounds each. */
  @Test
  void concurrentWritesCountExactlyAndFencesRiseWithRevisions() throws Exception {
    int clients = 16;
    int rounds = 10;

    List<List<Made>> writes =
        AtOnce.run(
            clients, client -> lives(client % 2 == 0 ? router : otherRouter, client, rounds));

    int perRouter = clients / 2 * rounds * 3;
    assertThat(revisionOf(router)).isEqualTo(1 + perRouter);
    assertThat(revisionOf(otherRouter)).isEqualTo(1 + perRouter);
    assertThat(stored(helpers, router)).isEmpty();
    List<Fence> fences = writes.stream().flatMap(List::stream).map(Made::fence).toList();
    assertThat(fences).doesNotHaveDuplicates().hasSize(2 * perRouter);
    for (List<Made> ofClient : writes) {
      assertThat(ofClient).extracting(written -> written.fence().number()).isSorted();
    }
  }

  private List<Made> lives(RouterId where, int client, int rounds) {
    List<Made> writes = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Made created =
          made(
              helpers.create(
                  EVERYBODY,
                  where,
                  List.of(spec("ftp", Protocol.TCP, 1000 + client * 100 + round))));
      UUID id = created.helper().id();
      writes.add(created);
      writes.add(
          written(
              helpers.update(
                  EVERYBODY,
                  where,
                  id,
                  old -> spec("sip", Protocol.UDP, old.spec().port() + 10_000))));
      writes.add(Made.of(helpers.delete(EVERYBODY, where, id, _ -> {}).orElseThrow()));
    }
    return writes;
  }

  /** Two partial updates at once: one of the port, one of helper and protocol. */
  @Test
  void concurrentPartialUpdatesBothLast() throws Exception {
    ConntrackHelper helper = made(helpers.create(EVERYBODY, router, List.of(FTP_21))).helper();

    AtOnce.run(
        2,
        client ->
            helpers.update(
                EVERYBODY,
                router,
                helper.id(),
                old ->
                    client == 0
                        ? spec(old.spec().type().name(), old.spec().protocol(), 7)
                        : spec("tftp", Protocol.UDP, old.spec().port())));

    ConntrackHelper both = helpers.find(EVERYBODY, router, helper.id()).orElseThrow().helper();
    assertThat(both.spec()).isEqualTo(spec("tftp", Protocol.UDP, 7));
    assertThat(both.revision()).isEqualTo(3);
  }

  private long revisionOf(RouterId id) {
    return routers.find(EVERYBODY, id).orElseThrow().revision();
  }
}
