package cthelper.api;

import static cthelper.auth.WithKeystone.keystone;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.auth.WithKeystone;
import cthelper.testing.CapturedLog;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The log tells of each accepted write who made it, by the ids that Keystone gives, not by token.
 */
@QuarkusTest
@TestProfile(WithKeystone.class)
class LogOfCallersTest {

  @Test
  void eachWriteHasItsUserAndProject() {
    try (CapturedLog log = CapturedLog.of(AcceptedWrites.class)) {
      String token = keystone().token("project one", Duration.ofHours(1), "member");
      String id =
          given()
              .header("X-Auth-Token", token)
              .body("{\"router\": {\"name\": \"r\"}}")
              .post("/v2.0/routers")
              .then()
              .statusCode(201)
              .extract()
              .path("router.id");
      given()
          .header("X-Auth-Token", keystone().token("p2", Duration.ofHours(1), "admin"))
          .delete("/v2.0/routers/" + id)
          .then()
          .statusCode(204);

      assertThat(log.lines()).hasSize(2).noneMatch(line -> line.contains("canary"));
      assertThat(log.lines().getFirst())
          .contains(" project=\"project one\" ")
          .endsWith(" by=\"user-of-project one\" of=\"project one\"");
      assertThat(log.lines().getLast()).endsWith(" by=user-of-p2 of=p2");
    }
  }
}
