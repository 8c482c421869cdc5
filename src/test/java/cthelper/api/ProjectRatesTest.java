package cthelper.api;

import static cthelper.auth.WithKeystone.keystone;
import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.auth.WithKeystone;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** No project makes more requests than it may, and none has to suffer for another one. */
@QuarkusTest
@TestProfile(ProjectRatesTest.Few.class)
class ProjectRatesTest {

  private static final int FEW = 3;

  /** Three requests a second. */
  public static final class Few extends WithKeystone {

    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("cthelper.limits.requests-per-second", Integer.toString(FEW));
      return settings;
    }
  }

  @Test
  void whoAsksTooOftenIsToldWhenToGoOn() throws IOException {
    String token = token("busy", "reader");
    Response last = get(token);
    for (int i = 0; i < 100 && last.statusCode() == 200; i++) {
      last = get(token);
    }

    assertThat(new ObjectMapper().readTree(last.asString()))
        .isEqualTo(OpenApiTest.answer("TooManyRequests", "too_many"));
    last.then().statusCode(429).header("Retry-After", equalTo("1"));
    get(token("another", "reader")).then().statusCode(200);
    await().until(() -> get(token).statusCode() == 200);
  }

  /** Every token of the project counts. */
  @Test
  void anotherTokenHelpsNobody() {
    assertThat(
            IntStream.range(0, 40)
                .mapToObj(i -> token("with-many-tokens", "member"))
                .map(token -> get(token).statusCode())
                .collect(toSet()))
        .containsExactlyInAnyOrder(200, 429);
  }

  @Test
  void administratorsAreNotCounted() {
    String admin = token("theirs", "admin");

    assertThat(IntStream.range(0, 40).mapToObj(i -> get(admin).statusCode()).collect(toSet()))
        .containsExactly(200);
  }

  private static String token(String project, String role) {
    return keystone().token(project, Duration.ofHours(1), role);
  }

  private static Response get(String token) {
    return given().header(Callers.TOKEN_HEADER, token).get("/v2.0/extensions");
  }
}
