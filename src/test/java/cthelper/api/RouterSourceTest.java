package cthelper.api;

import static cthelper.api.Wire.FTP_21;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.auth.WithKeystone.keystone;
import static cthelper.networking.WithNetworking.networking;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.RouterId;
import cthelper.networking.WithNetworking;
import cthelper.store.PlacementStore;
import cthelper.store.ReportedNamespace;
import cthelper.testing.AtOnce;
import cthelper.testing.NodeSessions;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whose a router is says the Networking service, for those that nobody has posted. */
@QuarkusTest
@TestProfile(WithNetworking.class)
class RouterSourceTest {

  private static final String OWNER = "project-of-the-router";
  private static final String STRANGER = "project-of-somebody-else";

  @Inject PlacementStore placements;

  private final RouterId id = RouterId.random();
  private final String router = id.toString();
  private final String path = "/v2.0/routers/" + router;

  @Test
  void aRouterNobodyHasPostedIsShownToItsProject() {
    networking().has(router, OWNER, "edge");
    as(OWNER, "reader")
        .get(path)
        .then()
        .statusCode(200)
        .body("router.id", equalTo(router))
        .body("router.name", equalTo("edge"))
        .body("router.project_id", equalTo(OWNER))
        .body("router.tenant_id", equalTo(OWNER))
        .body("router.conntrack_helpers", empty());
    as("anybody", "admin").get(path).then().body("router.project_id", equalTo(OWNER));
  }

  @Test
  void itsMembersCreateHelpersOnItWithTheFirstRequest() {
    networking().has(router, OWNER, "edge");
    String helper =
        as(OWNER, "member")
            .body(FTP_21)
            .post(helpersOf(router))
            .then()
            .statusCode(201)
            .extract()
            .path("conntrack_helper.id");

    as(OWNER, "reader")
        .get(helpersOf(router))
        .then()
        .body("conntrack_helpers.id", equalTo(List.of(helper)));
    as(OWNER, "reader").body(FTP_21).post(helpersOf(router)).then().statusCode(403);
  }

  /** Every operation that names a router, by whoever has no business with it. */
  @TestFactory
  Stream<DynamicTest> aForeignRouterIsAnsweredLikeNone() {
    return Requests.ALL.stream()
        .flatMap(request ->
            Stream.of("reader", "member", "service")
                .map(role ->
                    DynamicTest.dynamicTest(
                        request + " by " + role,
                        () -> {
                          String foreign = RouterId.random().toString();
                          networking().has(foreign, OWNER, "edge");
                          String none = RouterId.random().toString();
                          String first = told(request, role, foreign);
                          assertThat(first).isEqualTo(told(request, role, none));
                          assertThat(told(request, role, foreign)).isEqualTo(first);
                        })));
  }

  /** A request to a router; {@code R} stands for it, {@code H} for a helper. */
  private record Requests(String method, String path, String body) {

    private static final List<Requests> ALL =
        List.of(
            new Requests("GET", "/v2.0/routers/R", ""),
            new Requests("PUT", "/v2.0/routers/R", "{\"router\": {\"name\": \"new\"}}"),
            new Requests("DELETE", "/v2.0/routers/R", ""),
            new Requests("GET", "/v2.0/routers/R/placements", ""),
            new Requests("GET", "/v2.0/routers/R/conntrack_helpers", ""),
            new Requests("POST", "/v2.0/routers/R/conntrack_helpers", FTP_21),
            new Requests("GET", "/v2.0/routers/R/conntrack_helpers/H", ""),
            new Requests("PUT", "/v2.0/routers/R/conntrack_helpers/H", FTP_21),
            new Requests("DELETE", "/v2.0/routers/R/conntrack_helpers/H", ""));

    private static final String HELPER = UUID.randomUUID().toString();

    Response send(RequestSpecification as, String router) {
      RequestSpecification request = body.isEmpty() ? as : as.body(body);
      return request.request(method, path.replace("R", router).replace("H", HELPER));
    }
  }

  private static String told(Requests request, String role, String router) {
    Response answer = request.send(as(STRANGER, role), router);
    return answer.statusCode() + answer.asString().replace(router, "R");
  }

  /** An operation that is described and not asked about would be a door. */
  @TestFactory
  Stream<DynamicTest> everyOperationOnARouterAsks() {
    Map<String, Map<String, Object>> paths =
        given().queryParam("format", "json").get("/openapi").jsonPath().getMap("paths");
    return paths.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("/v2.0/routers/{"))
        .flatMap(entry ->
            entry.getValue().keySet().stream()
                .filter(List.of("get", "put", "post", "delete")::contains)
                .map(method ->
                    DynamicTest.dynamicTest(
                        method + " " + entry.getKey(),
                        () -> {
                          String one = RouterId.random().toString();
                          String address =
                              entry
                                  .getKey()
                                  .replaceFirst("\\{[a-z_]*}", one)
                                  .replaceFirst("\\{id}", one);
                          as("p", "admin").request(method, address);
                          assertThat(networking().questionsAbout(one)).isOne();
                        })));
  }

  @Test
  void anAdoptedRouterGetsTheProjectAndNameItReallyHas() {
    adopt();
    networking().has(router, OWNER, "edge");

    as(OWNER, "member")
        .get(path)
        .then()
        .statusCode(200)
        .body("router.project_id", equalTo(OWNER))
        .body("router.name", equalTo("edge"));
    as(OWNER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(201);
    as(STRANGER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(403);
  }

  private void adopt() {
    NodeId node = new NodeId(UUID.randomUUID());
    NodeSessions.connected(
        placements,
        new NodeIdentity(node, "net-1", "6.18.44", Map.of()),
        Duration.ofMinutes(1),
        List.of(new ReportedNamespace("qrouter-" + router, id, true, 1)));
    assertThat(placements.adopt(node, "fake_project_id")).containsExactly(id);
  }

  /** A control plane that tells us by itself is believed, and nobody else. */
  @Test
  void whatAnAdministratorHasPostedStaysHis() {
    networking().has(router, STRANGER, "another");
    post();

    as(OWNER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(201);
    as("p", "admin").get(path).then().body("router.project_id", equalTo(OWNER));
    assertThat(networking().questionsAbout(router)).isZero();
    as(STRANGER, "member").get(path).then().statusCode(404);
    as(OWNER, "reader").get(path).then().statusCode(200).body("router.name", equalTo(""));
  }

  private void post() {
    as("p", "admin")
        .body("{\"router\": {\"id\": \"%s\", \"project_id\": \"%s\"}}".formatted(router, OWNER))
        .post("/v2.0/routers")
        .then()
        .statusCode(201);
  }

  @Test
  void aRouterThatTheServiceHasNotIsUnknownAndAskedAboutOnce() {
    for (int i = 0; i < 3; i++) {
      as(OWNER, "reader")
          .get(path)
          .then()
          .statusCode(404)
          .body("NeutronError.type", equalTo("RouterNotFound"));
    }
    as("p", "admin").body(FTP_21).post(helpersOf(router)).then().statusCode(404);
    assertThat(networking().questionsAbout(router)).isOne();
  }

  @Test
  void oneThatIsPostedAfterwardsIsThereAtOnce() {
    as(OWNER, "reader").get(path).then().statusCode(404);

    post();

    as(OWNER, "reader").get(path).then().statusCode(200);
  }

  @Test
  void aRouterIsAskedAboutOnceHoweverManyRequestsNameIt() {
    networking().has(router, OWNER, "edge");

    for (int i = 0; i < 5; i++) {
      as(OWNER, "reader").get(path).then().statusCode(200);
      as(OWNER, "reader").get(helpersOf(router)).then().statusCode(200);
      as("p", "admin").get(path + "/placements").then().statusCode(200);
    }

    assertThat(networking().questionsAbout(router)).isOne();
  }

  @Test
  void sixteenClientsAtOnceMakeOneRouter() throws Exception {
    int clients = 16;
    networking().has(router, OWNER, "edge");
    String token = keystone().token(OWNER, Duration.ofHours(1), "member");

    List<Integer> statuses =
        AtOnce.run(
            clients,
            i ->
                given()
                    .header(Callers.TOKEN_HEADER, token)
                    .body(helper("ftp", "tcp", Integer.toString(i + 1)))
                    .post(helpersOf(router))
                    .statusCode());

    assertThat(statuses).containsOnly(201);
    assertThat(networking().questionsAbout(router)).isLessThanOrEqualTo(2);
    as("p", "admin")
        .get("/v2.0/routers?id=" + router)
        .then()
        .body("routers", hasSize(1))
        .body("routers[0].revision_number", equalTo(1 + clients));
  }

  @Test
  void whoAsksAboutAnotherRouterWaitsForNobody() throws Exception {
    networking().has(router, OWNER, "edge");
    CountDownLatch answers = new CountDownLatch(1);
    networking().hangAbout(router, answers);
    try {
      CompletableFuture<Response> hanging =
          CompletableFuture.supplyAsync(() -> as(OWNER, "reader").get(path));
      await().until(() -> networking().questionsAbout(router) == 1);

      String other = RouterId.random().toString();
      networking().has(other, OWNER, "other");
      as(OWNER, "reader").get("/v2.0/routers/" + other).then().statusCode(200);

      assertThat(hanging).isNotDone();
      answers.countDown();
      assertThat(hanging.get().statusCode()).isEqualTo(200);
    } finally {
      answers.countDown();
    }
  }

  @Test
  void forThoseWithoutARoleNobodyIsAsked() {
    as(OWNER, "service").get(path).then().statusCode(403);
    given().get(path).then().statusCode(401);
    as(OWNER, "reader").get("/v2.0/routers/edge").then().statusCode(404);

    assertThat(networking().questionsAbout(router)).isZero();
    assertThat(networking().questionsAbout("edge")).isZero();
  }

  private static RequestSpecification as(String project, String role) {
    return given()
        .header(Callers.TOKEN_HEADER, keystone().token(project, Duration.ofHours(1), role));
  }
}
