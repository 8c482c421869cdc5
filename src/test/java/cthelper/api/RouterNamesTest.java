package cthelper.api;

import static cthelper.api.Wire.FTP_21;
import static cthelper.api.Wire.helpersOf;
import static cthelper.auth.WithKeystone.keystone;
import static cthelper.networking.WithNetworking.networking;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.model.RouterId;
import cthelper.networking.WithNetworking;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients turn a name into an id before anything else: a name is looked up like an id. */
@QuarkusTest
@TestProfile(WithNetworking.class)
class RouterNamesTest {

  private static final String OWNER = "project-of-the-router";
  private static final String STRANGER = "project-of-somebody-else";

  private final String router = RouterId.random().toString();
  private final String name = "edge & core " + router; // what has to be encoded is in it

  @AfterEach
  void allIsWell() {
    networking().failWith(0);
    networking().saysOfNames(null);
    String any = RouterId.random().toString();
    networking().has(any, OWNER, "any");
    await().until(() -> as(OWNER, "reader").get("/v2.0/routers/" + any).statusCode() == 200);
  }

  /** The requests of {@code openstack network l3 conntrack helper create … NAME}. */
  @Test
  void aNameLeadsToTheRouterAndItsHelpers() {
    networking().has(router, OWNER, name);

    as(OWNER, "member").get("/v2.0/routers/{name}", name).then().statusCode(404);
    named(OWNER, name)
        .then()
        .statusCode(200)
        .body("routers.id", equalTo(List.of(router)))
        .body("routers.project_id", equalTo(List.of(OWNER)));
    as(OWNER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(201);

    assertThat(networking().questionsAbout(router)).isZero(); // the list has told it
  }

  @Test
  void nobodyFindsSomebodyElsesRouterByItsName() {
    String other = RouterId.random().toString();
    networking().has(router, OWNER, name);
    networking().has(other, STRANGER, name);

    named(STRANGER, name).then().body("routers.id", equalTo(List.of(other)));
    named(OWNER, name).then().body("routers.id", equalTo(List.of(router)));
    named("a-third-one", name).then().body("routers", empty());
    as("p", "admin")
        .queryParam("name", name)
        .get("/v2.0/routers")
        .then()
        .body("routers.id", containsInAnyOrder(router, other));
  }

  @Test
  void aNameIsAskedAboutOnce() {
    String name = "name-of-" + router;
    networking().has(router, OWNER, name);

    for (int i = 0; i < 3; i++) {
      named(OWNER, name).then().body("routers.id", equalTo(List.of(router)));
    }

    assertThat(
            networking()
                .questionsAbout(
                    "name="
                        + name
                        + "&project_id="
                        + OWNER
                        + "&fields=id&fields=name&fields=project_id"))
        .isOne();
  }

  @Test
  void whileNobodyCanTellNoNameIsSaidToBeUnknown() throws IOException {
    networking().has(router, OWNER, name);
    as(OWNER, "reader").get("/v2.0/routers/" + router).then().statusCode(200);

    networking().failWith(500);

    isAway(named(OWNER, "of nobody"));
    isAway(named(STRANGER, name));
    named(OWNER, name).then().body("routers.id", equalTo(List.of(router))); // known to be his
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "{}",
        "{\"routers\": {}}",
        "{\"routers\": [7]}",
        "{\"routers\": [{\"id\": \"edge\", \"name\": \"NAME\", \"project_id\": \"OWNER\"}]}",
        "{\"routers\": [{\"id\": \"ID\", \"name\": \"NAME\"}]}",
        "{\"routers\": [{\"id\": \"ID\", \"name\": \"another\", \"project_id\": \"OWNER\"}]}",
        "{\"routers\": [{\"id\": \"ID\", \"name\": \"NAME\", \"project_id\": \"another\"}]}"
      })
  void whatMakesNoSenseIsNotBelieved(String body) throws IOException {
    networking()
        .saysOfNames(body.replace("ID", router).replace("NAME", name).replace("OWNER", OWNER));

    isAway(named(OWNER, name));
    as("p", "admin").get("/v2.0/routers?id=" + router).then().body("routers", empty());
  }

  @Test
  void aListWithoutNamesAsksNobody() {
    networking().failWith(500);

    as(OWNER, "reader").get("/v2.0/routers").then().statusCode(200);
    named(OWNER, "").then().statusCode(200);
    as(OWNER, "service").queryParam("name", name).get("/v2.0/routers").then().statusCode(403);
  }

  private static Response named(String project, String name) {
    return as(project, "reader").queryParam("name", name).get("/v2.0/routers");
  }

  private static void isAway(Response answer) throws IOException {
    answer.then().statusCode(503).header("Retry-After", equalTo("2"));
    assertThat(new ObjectMapper().readTree(answer.asString()))
        .isEqualTo(OpenApiTest.answer("DatabaseAway", "nobody_knows_whose"));
  }

  private static RequestSpecification as(String project, String role) {
    return given()
        .header(Callers.TOKEN_HEADER, keystone().token(project, Duration.ofHours(1), role));
  }
}
