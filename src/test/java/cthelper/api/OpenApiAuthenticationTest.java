package cthelper.api;

import static cthelper.auth.WithKeystone.keystone;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.auth.WithKeystone;
import cthelper.model.RouterId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The document's examples of what goes wrong with tokens: answers that are given word for word. */
@QuarkusTest
@TestProfile(WithKeystone.class)
class OpenApiAuthenticationTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @AfterEach
  void keystoneIsWell() {
    keystone().failWith(0);
  }

  @Test
  void withoutToken() throws IOException {
    isAsDocumented(given().get("/v2.0/routers"), 401, "Unauthorized", "no_token");
  }

  @Test
  void readersMayNotCreate() throws IOException {
    isAsDocumented(
        given()
            .header(Callers.TOKEN_HEADER, keystone().token("p", HOUR, "reader"))
            .body(Wire.FTP_21)
            .post(Wire.helpersOf(RouterId.random().toString())),
        403,
        "NotAllowed",
        "not_allowed");
  }

  @Test
  void nobodyCanTell() throws IOException {
    keystone().failWith(500);

    isAsDocumented(
        given().header(Callers.TOKEN_HEADER, keystone().token("p", HOUR)).get("/v2.0/routers"),
        503,
        "DatabaseAway",
        "nobody_can_tell");
  }

  private static void isAsDocumented(Response answer, int status, String component, String example)
      throws IOException {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(new ObjectMapper().readTree(answer.asString()))
        .isEqualTo(OpenApiTest.answer(component, example));
  }
}
