package cthelper.api;

import static cthelper.api.Wire.FTP_21;
import static cthelper.api.Wire.helpersOf;
import static cthelper.auth.WithKeystone.keystone;
import static cthelper.networking.WithNetworking.networking;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import cthelper.model.RouterId;
import cthelper.networking.WithNetworking;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a router here when the Networking service changes its mind about it. */
@QuarkusTest
@TestProfile(WithNetworking.Forgetful.class)
class RouterVanishedTest {

  private static final String OWNER = "project-of-the-router";

  private final String router = RouterId.random().toString();
  private final String path = "/v2.0/routers/" + router;

  @BeforeEach
  void theRouterIsKnown() {
    networking().has(router, OWNER, "edge");
    as(OWNER, "reader").get(path).then().statusCode(200);
  }

  @Test
  void anotherNameIsLearned() {
    networking().has(router, OWNER, "core");

    as(OWNER, "reader")
        .get(path)
        .then()
        .body("router.name", equalTo("core"))
        .body("router.revision_number", equalTo(2));
    as(OWNER, "reader").get(path).then().body("router.revision_number", equalTo(2));
  }

  @Test
  void oneWithoutHelpersIsForgotten() {
    networking().hasNot(router);

    as(OWNER, "reader").get(path).then().statusCode(404);
    as("p", "admin").get(path).then().statusCode(404);
    as("p", "admin").get("/v2.0/routers?id=" + router).then().body("routers", empty());
  }

  @Test
  void oneThatComesBackIsThereAgain() {
    networking().hasNot(router);
    as(OWNER, "reader").get(path).then().statusCode(404);

    networking().has(router, OWNER, "edge");

    as(OWNER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(201);
  }

  /** The Networking service may be wrong, and what the kernel holds is not to hang on one word. */
  @Test
  void helpersStayForAdministratorsAndComeBackToTheirProject() {
    String helper =
        as(OWNER, "member")
            .body(FTP_21)
            .post(helpersOf(router))
            .then()
            .extract()
            .path("conntrack_helper.id");

    networking().hasNot(router);

    String none = RouterId.random().toString();
    String noneToo = told(as(OWNER, "member").get("/v2.0/routers/" + none), none);
    assertThat(told(as(OWNER, "member").get(path), router)).isEqualTo(noneToo);
    as(OWNER, "member").delete(helpersOf(router) + "/" + helper).then().statusCode(404);
    as(OWNER, "member").delete(path).then().statusCode(404);
    as(OWNER, "reader")
        .get("/v2.0/routers")
        .then()
        .body("routers.findAll { it.id == '%s' }".formatted(router), empty());
    as("p", "admin")
        .get(path)
        .then()
        .statusCode(200)
        .body("router.project_id", not(OWNER))
        .body("router.conntrack_helpers", hasSize(1));

    networking().has(router, OWNER, "edge");

    as(OWNER, "member")
        .get(helpersOf(router) + "/" + helper)
        .then()
        .statusCode(200)
        .body("conntrack_helper.revision_number", equalTo(1));
  }

  @Test
  void anAdministratorMayDeleteWhatIsLeft() {
    as(OWNER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(201);
    networking().hasNot(router);

    as("p", "admin").delete(path).then().statusCode(204);

    as("p", "admin").get(path).then().statusCode(404);
  }

  @Test
  void whatIsPostedIsNotLost() {
    String posted = RouterId.random().toString();
    as("p", "admin")
        .body("{\"router\": {\"id\": \"%s\", \"project_id\": \"%s\"}}".formatted(posted, OWNER))
        .post("/v2.0/routers")
        .then()
        .statusCode(201);

    as("stranger", "reader").get("/v2.0/routers/" + posted).then().statusCode(404);

    assertThat(networking().questionsAbout(posted)).isOne();
    as(OWNER, "reader").get("/v2.0/routers/" + posted).then().statusCode(200);
  }

  /** Its helpers are deleted; the router is the Networking service's, and still there. */
  @Test
  void deletingHereDeletesNothingThere() {
    as(OWNER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(201);

    as(OWNER, "member").delete(path).then().statusCode(204);

    as(OWNER, "reader").get(path).then().statusCode(200).body("router.conntrack_helpers", empty());
  }

  private static String told(Response answer, String router) {
    return answer.statusCode() + answer.asString().replace(router, "R");
  }

  private static RequestSpecification as(String project, String role) {
    return given()
        .header(Callers.TOKEN_HEADER, keystone().token(project, Duration.ofHours(1), role));
  }
}
