package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.request;
import static cthelper.api.Wire.router;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import cthelper.testing.AtOnce;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ETag and If-Match: who knows an old revision changes nothing. */
@QuarkusTest
class IfMatchTest {

  private String router = "";
  private String helper = "";

  @BeforeEach
  void makeRouterAndHelper() {
    String id = router();
    router = "/v2.0/routers/" + id;
    helper = helpersOf(id) + "/" + created(id, Wire.FTP_21);
  }

  private static ValidatableResponse putIf(String match, String url, String body) {
    return request().header("If-Match", match).body(body).put(url).then();
  }

  private static ValidatableResponse deleteIf(String match, String url) {
    return request().header("If-Match", match).delete(url).then();
  }

  private static String port(int port) {
    return "{\"conntrack_helper\": {\"port\": %d}}".formatted(port);
  }

  @Test
  void answersOfOneResourceCarryItsRevision() {
    get(helper).header("ETag", "\"1\"");
    get(helper + "?fields=id").header("ETag", "\"1\"");
    get(router).header("ETag", "\"2\"");
    request().body(port(22)).put(helper).then().header("ETag", "\"2\"");
    request().body("{\"router\": {\"name\": \"x\"}}").put(router).then().header("ETag", "\"4\"");
    get(helpersOf("x")).header("ETag", equalTo(null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "\"1\"", " \"1\" ", "\"7\", \"1\"", "W/\"1\",\"1\"", "revision_number=1"})
  void theRevisionItIsAtIsTaken(String match) {
    putIf(match, helper, port(22)).statusCode(200).header("ETag", "\"2\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"2\"", "\"\"", "\"one\"", "W/\"1\"", "\"2\", \"3\"", "revision_number=2"})
  void anotherRevisionChangesNothing(String match) {
    String before = get(helper).extract().asString();

    for (ValidatableResponse answer :
        List.of(
            putIf(match, helper, port(22)),
            putIf(match, helper, "{\"conntrack_helper\": {}}"),
            deleteIf(match, helper))) {
      answer
          .statusCode(412)
          .body("NeutronError.type", equalTo("RevisionNumberConstraintFailed"))
          .body(
              "NeutronError.message",
              equalTo("Constrained to " + match + ", but current revision is 1"));
    }
    assertThat(get(helper).extract().asString()).isEqualTo(before);
    get(router).body("router.revision_number", equalTo(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "\"1",
        "\"1\" \"2\"",
        "revision_number=",
        "revision_number=x",
        "w/\"1\"",
        "**"
      })
  void nonsenseIsRefused(String match) {
    putIf(match, helper, port(22))
        .statusCode(400)
        .body("NeutronError.type", equalTo("HTTPBadRequest"))
        .body(
            "NeutronError.message", org.hamcrest.Matchers.startsWith("Invalid header If-Match: "));
    deleteIf(match, router).statusCode(400);
    get(helper).header("ETag", "\"1\"");
  }

  /** A script whose variable is empty wants protection, not none. */
  @Test
  void anEmptyOneIsNotNone() {
    putIf("", helper, port(22)).statusCode(400);
    get(helper).body("conntrack_helper.port", equalTo(21));
  }

  @Test
  void severalLinesAreOneList() {
    given()
        .header(IfMatch.HEADER, "\"7\"", "\"1\"")
        .body(port(22))
        .put(helper)
        .then()
        .statusCode(200);
    given()
        .header(IfMatch.HEADER, "\"2\"", "garbage")
        .body(port(23))
        .put(helper)
        .then()
        .statusCode(400);
  }

  /** As many as fit into a header. */
  @Test
  void manyTagsAreReadLikeOne() {
    String many = "\"7\",".repeat(3000);

    putIf(many + "\"8\"", helper, port(22)).statusCode(412);
    putIf(many, helper, port(22)).statusCode(400);
    putIf(many + "\"1\"", helper, port(22)).statusCode(200);
  }

  @Test
  void routersHaveTheSameRules() {
    putIf("\"1\"", router, "{\"router\": {\"name\": \"x\"}}").statusCode(412);
    putIf("\"1\"", router, "{\"router\": {}}").statusCode(412);
    deleteIf("\"1\"", router).statusCode(412);
    get(helper).statusCode(200);

    putIf("\"2\"", router, "{\"router\": {\"name\": \"x\"}}").statusCode(200);
    deleteIf("\"3\"", router).statusCode(204);
  }

  @Test
  void whatIsNotThereIsNotFoundWhateverIsExpected() {
    deleteIf("\"1\"", helper).statusCode(204);
    deleteIf("\"1\"", helper).statusCode(404);
    putIf("\"1\"", helper, port(22)).statusCode(404);
    deleteIf("\"1\"", "/v2.0/routers/x").statusCode(404);
  }

  @Test
  void ofSixteenThatKnowTheSameRevisionOneChangesIt() throws Exception {
    List<Integer> statuses =
        AtOnce.run(16, client -> putIf("\"1\"", helper, port(100 + client)).extract().statusCode());

    assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(15);
    get(helper).header("ETag", "\"2\"");
  }
}
