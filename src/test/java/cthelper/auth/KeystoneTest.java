package cthelper.auth;

import static cthelper.auth.WithKeystone.keystone;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import cthelper.testing.AtOnce;
import cthelper.testing.CapturedLog;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the service asks Keystone, how often, and what it does when nobody answers. */
@QuarkusTest
@TestProfile(WithKeystone.class)
class KeystoneTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @AfterEach
  void keystoneIsWell() {
    keystone().failWith(0);
    keystone().hangUntil(null);
    keystone().hangInBodiesUntil(null);
    await().until(() -> get(keystone().token("p", HOUR, "reader")).extract().statusCode() == 200);
  }

  @Test
  void aTokenIsAskedAboutOnce() {
    String token = keystone().token("p", HOUR, "reader");
    int before = keystone().questions();

    for (int i = 0; i < 5; i++) {
      get(token).statusCode(200);
    }

    assertThat(keystone().questions()).isEqualTo(before + 1);
  }

  @Test
  void whatIsRememberedEndsWithTheToken() {
    String token = keystone().token("p", Duration.ofSeconds(2), "reader");

    get(token).statusCode(200);
    await().until(() -> get(token).extract().statusCode() == 401);
  }

  /** As when Keystone's keys are rotated, or the service's own token is revoked. */
  @Test
  void theServiceGetsAnotherTokenWhenItsOwnIsRefused() {
    get(keystone().token("p", HOUR, "reader")).statusCode(200);
    int logins = keystone().logins();

    keystone().revokeOwn();
    get(keystone().token("p", HOUR, "reader")).statusCode(200);

    assertThat(keystone().logins()).isEqualTo(logins + 1);
  }

  @Test
  void aKeystoneThatFailsOpensNoDoor() {
    String known = keystone().token("p", HOUR, "reader");
    get(known).statusCode(200);

    keystone().failWith(500);

    isAway(get(keystone().token("p", HOUR, "admin")));
    get(known).statusCode(200); // remembered
    given().get("/v2.0/routers").then().statusCode(401); // nothing to ask about
    given().get("/").then().statusCode(200);
  }

  @Test
  void aKeystoneThatHangsIsAskedNoMoreForAMoment() {
    CountDownLatch answers = new CountDownLatch(1);
    keystone().hangUntil(answers);
    try {
      for (int i = 0; i < 6; i++) {
        isAway(get(keystone().token("p", HOUR, "admin")));
      }
      int before = keystone().questions();
      isAway(get(keystone().token("p", HOUR, "admin")));
      assertThat(keystone().questions()).isEqualTo(before);
    } finally {
      answers.countDown();
    }
  }

  /** The headers of its answer have come, in time. */
  @Test
  void aKeystoneThatHangsInTheMiddleOfAnAnswerIsAway() {
    CountDownLatch answers = new CountDownLatch(1);
    keystone().hangInBodiesUntil(answers);
    try {
      isAway(get(keystone().token("p", HOUR, "admin")));
    } finally {
      answers.countDown();
    }
  }

  /** Each of them waits for one login at most, not for those of all before it. */
  @Test
  void aCrowdBehindALoginThatHangsIsToldSoTogether() throws Exception {
    keystone().revokeOwn();
    CountDownLatch answers = new CountDownLatch(1);
    keystone().hangUntil(answers);
    int logins = keystone().logins();
    try {
      List<Integer> statuses =
          AtOnce.run(16, _ -> get(keystone().token("p", HOUR)).extract().statusCode());

      assertThat(statuses).containsOnly(503);
    } finally {
      answers.countDown();
    }
    assertThat(keystone().logins() - logins).isLessThan(6);
  }

  /** As of one that is too long for its server: anybody could send those. */
  @Test
  void aTokenThatItMakesNoSenseOfIsNoReasonNotToAskAboutOthers() {
    get(keystone().token("p", HOUR, "reader")).statusCode(200); // it has its own by now

    keystone().failWith(400);
    for (int i = 0; i < 10; i++) {
      get("odd-" + i).statusCode(401);
    }
    keystone().failWith(0);
    get(keystone().token("p", HOUR, "reader")).statusCode(200);
  }

  /** Nobody gets in by what Keystone would never say. */
  @Test
  void whatCannotBeIsNotBelieved() {
    told(token -> token.putObject("roles").putObject("x").put("name", "admin")).statusCode(403);
    told(token -> token.putObject("system").put("all", true)).statusCode(403);
    told(token -> project(token).put("id", 5)).statusCode(503);
    told(token -> project(token).put("id", "a\u0000b")).statusCode(503);
    told(token -> project(token).put("id", "x".repeat(300))).statusCode(503);
  }

  private static ValidatableResponse told(Consumer<ObjectNode> change) {
    String token = keystone().token("p", HOUR, "admin");
    keystone().tells(token, change);
    return get(token);
  }

  private static ObjectNode project(ObjectNode token) {
    return (ObjectNode) token.path("project");
  }

  /** As a proxy passes it on. */
  @Test
  void aTokenThatCannotBeOneIsRefused() {
    for (String token : List.of("\u00ff\u00fe", "a\tb", " ", "x".repeat(9000))) {
      given().header("X-Auth-Token", token).get("/v2.0/routers").then().statusCode(401);
    }
  }

  @Test
  void theLogHasNeitherTokenNorPassword() {
    try (CapturedLog log = CapturedLog.of(KeystoneIdentities.class)) {
      keystone().failWith(503);

      isAway(get(keystone().token("p", HOUR, "admin")));

      assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains("canary"));
    }
  }

  private static void isAway(ValidatableResponse answer) {
    answer
        .statusCode(503)
        .header("Retry-After", equalTo("2"))
        .body("NeutronError.type", equalTo("HTTPServiceUnavailable"));
  }

  private static ValidatableResponse get(String token) {
    return given().header("X-Auth-Token", token).get("/v2.0/routers").then();
  }
}
