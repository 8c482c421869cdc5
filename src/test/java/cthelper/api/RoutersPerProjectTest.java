package cthelper.api;

import static cthelper.auth.WithKeystone.keystone;
import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.auth.WithKeystone;
import cthelper.testing.AtOnce;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How many routers a project may have, and how many one request may ask for. */
@QuarkusTest
@TestProfile(WithKeystone.class)
class RoutersPerProjectTest {

  /** As the profile has it. */
  private static final int MOST = 100;

  private static final Duration HOUR = Duration.ofHours(1);

  private final String project = "full-" + UUID.randomUUID();
  private final String member = keystone().token(project, HOUR, "member");

  @Test
  void oneMoreThanThereMayBeIsRefusedAndLeavesNone() {
    refused(create(member, MOST + 1));
    assertThat(create(member, MOST).statusCode()).isEqualTo(201);
    refused(create(member, 1));

    assertThat(create(keystone().token("another-" + project, HOUR, "member"), 1).statusCode())
        .isEqualTo(201);
    assertThat(create(keystone().token(project, HOUR, "admin"), 1).statusCode()).isEqualTo(201);
    assertThat(there()).hasSize(MOST + 1);
  }

  @Test
  void manyAtOnceDoNotExceedIt() throws Exception {
    assertThat(create(member, MOST - 5).statusCode()).isEqualTo(201);

    List<Integer> statuses = AtOnce.run(16, _ -> create(member, 1).statusCode());

    assertThat(statuses).filteredOn(status -> status == 201).hasSize(5);
    assertThat(statuses).filteredOn(status -> status == 409).hasSize(11);
    assertThat(there()).hasSize(MOST);
  }

  @Test
  void oneRequestAsksForAThousandAtMost() {
    Response answer = create(keystone().token(project, HOUR, "admin"), 1001);

    Wire.isError(
        answer.then(),
        400,
        "HTTPBadRequest",
        "At most 1000 resources can be created by one request");
    assertThat(there()).isEmpty();
  }

  private static void refused(Response answer) {
    Wire.isError(
        answer.then(),
        409,
        "OverQuota",
        "Quota exceeded for resources: ['router']. A project has at most 100.");
  }

  private List<String> there() {
    return Wire.json(
            given().header(Callers.TOKEN_HEADER, member).get("/v2.0/routers?fields=id").then())
        .findValuesAsText("id");
  }

  private static Response create(String token, int number) {
    String all = Collections.nCopies(number, "{}").stream().collect(joining(","));
    return given()
        .header(Callers.TOKEN_HEADER, token)
        .body("{\"routers\": [" + all + "]}")
        .post("/v2.0/routers");
  }
}
