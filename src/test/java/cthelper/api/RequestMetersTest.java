package cthelper.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.Test;

/** However many addresses and methods clients make up, the labels of the metrics stay few. */
@QuarkusTest
class RequestMetersTest {

  @Inject MeterRegistry registry;

  @Test
  void whatClientsMakeUpIsNoLabel() {
    Set<String> before = series();
    for (int i = 0; i < 20; i++) {
      String id = UUID.randomUUID().toString();
      for (String path :
          List.of(
              "/v2.0/routers/" + id,
              "/v2.0/routers/" + id + "/conntrack_helpers/" + id,
              "/v2.0/routers/" + id + "/conntrack_helpers",
              "/v2.0/" + id,
              "/" + id,
              "/v2.0/routers;x=" + id,
              "/%ff-" + id)) {
        for (String method : List.of("GET", "PATCH", "DELETE", "BREW" + i)) {
          given()
              .urlEncodingEnabled(false)
              .body("x")
              .request(method, path)
              .then()
              .statusCode(isAnAnswer());
        }
        given().urlEncodingEnabled(false).body("x".repeat(1_100_000)).request(Method.POST, path);
      }
    }

    Set<String> now = series();
    assertThat(now).noneMatch(series -> series.matches(".*[0-9a-f]{8}-[0-9a-f]{4}.*"));
    assertThat(now).noneMatch(series -> series.contains("BREW"));
    assertThat(now).anyMatch(series -> series.contains("/v2.0/routers/{id}"));
    assertThat(now.size() - before.size()).isLessThan(40);
  }

  @Test
  void everyOperationIsALabel() {
    Map<String, ?> operations = given().get("/openapi?format=json").jsonPath().getMap("paths");
    assertThat(operations).isNotEmpty();
    assertThat(operations.keySet())
        .allMatch(path -> path.equals("/") || RequestMeters.ADDRESSES.contains(path));
  }

  private static Matcher<Integer> isAnAnswer() {
    return greaterThanOrEqualTo(200);
  }

  private Set<String> series() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getName().equals("http.server.requests"))
        .map(id -> id.getTags().toString())
        .collect(Collectors.toSet());
  }
}
