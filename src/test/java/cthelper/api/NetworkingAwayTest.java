package cthelper.api;

import static cthelper.api.Wire.FTP_21;
import static cthelper.api.Wire.helpersOf;
import static cthelper.auth.WithKeystone.keystone;
import static cthelper.networking.WithNetworking.networking;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.model.RouterId;
import cthelper.networking.NetworkingRouters;
import cthelper.networking.WithNetworking;
import cthelper.testing.CapturedLog;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A Networking service that cannot be asked, or makes no sense, opens no door, and keeps nobody
 * from what is known to be his.
 */
@QuarkusTest
@TestProfile(WithNetworking.Forgetful.class)
class NetworkingAwayTest {

  private static final String OWNER = "project-of-the-router";
  private static final String STRANGER = "project-of-somebody-else";

  private final String router = RouterId.random().toString();
  private final String path = "/v2.0/routers/" + router;

  @AfterEach
  void allIsWell() {
    networking().failWith(0);
    networking().hangInBodiesUntil(null);
    String any = RouterId.random().toString();
    networking().has(any, OWNER, "any");
    await().until(() -> as(OWNER, "reader").get("/v2.0/routers/" + any).statusCode() == 200);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 429, 500, 502, 503, 301})
  void whateverElseItAnswersNobodyIsLetIn(int status) throws IOException {
    networking().has(router, OWNER, "edge");
    networking().failWith(status);

    isAway(as(OWNER, "member").body(FTP_21).post(helpersOf(router)));
    isAway(as("p", "admin").get(path));
    isNotHere();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "200|``",
        "200|no JSON",
        "200|[]",
        "200|{}",
        "200|{\"router\": []}",
        "200|{\"router\": {\"id\": \"R\", \"name\": \"edge\"}}",
        "200|{\"router\": {\"id\": \"R\", \"name\": \"edge\", \"project_id\": \"\"}}",
        "200|{\"router\": {\"id\": \"R\", \"name\": \"edge\", \"project_id\": null}}",
        "200|{\"router\": {\"id\": \"R\", \"name\": \"edge\", \"project_id\": 7}}",
        "200|{\"router\": {\"id\": \"R\", \"project_id\": \"project-of-the-router\"}}",
        "200|{\"router\": {\"id\": \"R\", \"name\": \"\\u0000\", \"project_id\": \"project-of-the-router\"}}",
        "200|{\"router\": {\"id\": \"00000000-0000-0000-0000-000000000000\", \"name\": \"edge\", \"project_id\": \"project-of-the-router\"}}",
        "404|``",
        "404|<html>not found</html>",
        "404|{\"NeutronError\": {\"type\": \"HTTPNotFound\", \"message\": \"\", \"detail\": \"\"}}"
      })
  void whatMakesNoSenseIsNotBelieved(int status, String body) throws IOException {
    networking().says(router, status, body.replace("R\"", router + "\""));

    isAway(as(OWNER, "member").body(FTP_21).post(helpersOf(router)));
    isAway(as("p", "admin").get(path));
    isNotHere();
  }

  /** Which one caller can bring about: 414 is of an address that is too long for it. */
  @ParameterizedTest
  @CsvSource({"200, no JSON", "414, ''"})
  void nonsenseAboutOneRouterIsNoReasonNotToAskAboutOthers(int status, String body)
      throws IOException {
    networking().says(router, status, body);
    for (int i = 0; i < 10; i++) {
      isAway(as(OWNER, "reader").get(path));
    }

    String other = RouterId.random().toString();
    networking().has(other, OWNER, "edge");
    as(OWNER, "reader").get("/v2.0/routers/" + other).then().statusCode(200);
  }

  /** Its owner has used it a moment ago. */
  @Test
  void aForeignRouterIsAnsweredLikeNoneWhileNobodyCanTell() throws IOException {
    networking().has(router, OWNER, "edge");
    as(OWNER, "reader").get(path).then().statusCode(200);

    networking().failWith(500);

    isAway(as("project-of-a-stranger", "reader").get(path));
    isAway(as("project-of-a-stranger", "reader").get("/v2.0/routers/" + RouterId.random()));
    as(OWNER, "reader").get(path).then().statusCode(200);
  }

  @Test
  void anAnswerTooLongIsNotWaitedFor() throws IOException {
    networking().says(router, 200, " ".repeat(3 * 1024 * 1024));

    isAway(as(OWNER, "reader").get(path));
  }

  @Test
  void oneThatHangsIsAskedNoMoreForAMoment() throws IOException {
    CountDownLatch answers = new CountDownLatch(1);
    networking().has(router, OWNER, "edge");
    networking().hangAbout(router, answers);
    try {
      for (int i = 0; i < 4; i++) {
        isAway(as(OWNER, "reader").get(path));
      }
      long before = networking().questionsAbout(router);
      isAway(as(OWNER, "reader").get(path));
      assertThat(networking().questionsAbout(router)).isEqualTo(before);
    } finally {
      answers.countDown();
    }
    isNotHere();
  }

  @Test
  void oneThatHangsInTheMiddleOfItsAnswerIsNotWaitedForEither() throws IOException {
    CountDownLatch answers = new CountDownLatch(1);
    networking().has(router, OWNER, "edge");
    networking().hangInBodiesUntil(answers);
    try {
      isAway(as(OWNER, "reader").get(path));
    } finally {
      answers.countDown();
    }
  }

  @Test
  void whatIsKnownToBeHisStaysHis() throws IOException {
    networking().has(router, OWNER, "edge");
    as(OWNER, "reader").get(path).then().statusCode(200);

    networking().failWith(500);

    as(OWNER, "member").body(FTP_21).post(helpersOf(router)).then().statusCode(201);
    as("p", "admin").get(path).then().statusCode(200);
    isAway(as(STRANGER, "member").get(path)); // like any router that nobody has heard of
    isAway(as(STRANGER, "member").get("/v2.0/routers/" + RouterId.random()));
  }

  @Test
  void thatIsSoForPostedOnesToo() throws IOException {
    as("p", "admin")
        .body("{\"router\": {\"id\": \"%s\", \"project_id\": \"%s\"}}".formatted(router, OWNER))
        .post("/v2.0/routers")
        .then()
        .statusCode(201);

    networking().failWith(503);

    as(OWNER, "member").get(path).then().statusCode(200);
    isAway(as(STRANGER, "member").get(path));
  }

  /** As when Keystone's keys are rotated. */
  @Test
  void theServiceGetsAnotherTokenWhenItsOwnIsRefused() {
    networking().has(router, OWNER, "edge");
    String known = keystone().token(OWNER, Duration.ofHours(1), "reader");
    given().header(Callers.TOKEN_HEADER, known).get(path).then().statusCode(200);
    int logins = keystone().logins();
    long before = networking().questionsAbout(router);

    keystone().revokeOwn();

    given().header(Callers.TOKEN_HEADER, known).get(path).then().statusCode(200);
    assertThat(keystone().logins()).isEqualTo(logins + 1);
    assertThat(networking().questionsAbout(router)).isEqualTo(before + 2);
  }

  @Test
  void oneThatRefusesEveryTokenLetsNobodyIn() throws IOException {
    networking().says(router, 401, "{\"error\": {\"code\": 401}}");

    isAway(as(OWNER, "reader").get(path));
    assertThat(networking().questionsAbout(router)).isEqualTo(2);
  }

  @Test
  void withoutAKeystoneThereIsNobodyToAskWith() throws IOException {
    networking().has(router, OWNER, "edge");
    String known = keystone().token(OWNER, Duration.ofHours(1), "reader");
    given().header(Callers.TOKEN_HEADER, known).get("/v2.0/routers").then().statusCode(200);

    keystone().revokeOwn();
    keystone().failWith(500);
    try {
      isAway(given().header(Callers.TOKEN_HEADER, known).get(path));
    } finally {
      keystone().failWith(0);
    }
  }

  @Test
  void theLogSaysWhyAndNoSecret() throws IOException {
    try (CapturedLog log = CapturedLog.of(NetworkingRouters.class)) {
      networking().failWith(500);

      isAway(as(OWNER, "reader").get(path));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains(router, "it answered 500")
          .doesNotContain("canary");
    }
  }

  private void isNotHere() {
    as("p", "admin").get("/v2.0/routers?id=" + router).then().body("routers", empty());
  }

  /** Word for word as documented, while 503 says when to ask again. */
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
