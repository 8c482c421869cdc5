package cthelper.api;

import static cthelper.api.Wire.exchange;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.request;
import static cthelper.api.Wire.router;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every request, whatever it asks for. */
@QuarkusTest
class EveryAnswerTest {

  private static final String METHOD = "The method is not allowed for this resource.";

  @Test
  void versionDocumentHasTheAddressThatTheClientUsed() {
    given()
        .header("X-Forwarded-Proto", "https")
        .header("X-Forwarded-Host", "network.example")
        .get("/")
        .then()
        .statusCode(200)
        .body("versions.id", equalTo(List.of("v2.0")))
        .body("versions[0].status", equalTo("CURRENT"))
        .body("versions[0].links[0].rel", equalTo("self"))
        .body("versions[0].links[0].href", equalTo("https://network.example/v2.0/"));
    get("/").body("versions[0].links[0].href", matchesPattern("http://[^/]+:\\d+/v2.0/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nosuch",
        "/v2.0/nosuch",
        "/v2",
        "/v3/routers",
        "/v2.0/routers/x/y",
        "/v2.0/routers/x/conntrack_helpers/y/z"
      })
  void unknownPath(String path) {
    isError(get(path), 404, "HTTPNotFound", "The resource could not be found.");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /",
    "PUT, /",
    "PATCH, /",
    "DELETE, /",
    "PUT, /v2.0/routers",
    "DELETE, /v2.0/routers",
    "PATCH, /v2.0/routers",
    "OPTIONS, /v2.0/routers",
    "POST, /v2.0/routers/x",
    "PATCH, /v2.0/routers/x",
    "PUT, /v2.0/routers/x/conntrack_helpers",
    "DELETE, /v2.0/routers/x/conntrack_helpers",
    "PATCH, /v2.0/routers/x/conntrack_helpers",
    "OPTIONS, /v2.0/routers/x/conntrack_helpers",
    "POST, /v2.0/routers/x/conntrack_helpers/y",
    "PATCH, /v2.0/routers/x/conntrack_helpers/y",
    "BREW, /v2.0/routers",
  })
  void methodThatIsNotThere(String method, String path) {
    isError(answer(method, path), 405, "HTTPMethodNotAllowed", METHOD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v2.0/routers", "/v2.0/routers/x/conntrack_helpers"})
  void headIsNotThere(String path) {
    answer("HEAD", path).statusCode(405).body(equalTo(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v2.0/routers/%zz", "/v2.0/routers?name=%zz", "/v2.0/routers?%", "/%", "/v2.0/%"})
  void badlyEncodedAddress(String path) throws IOException {
    String answer =
        exchange("GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .containsPattern("(?i)x-openstack-request-id: req-[0-9a-f-]{36}\r\n")
        .contains("{\"NeutronError\":{\"type\":\"HTTPBadRequest\",");
  }

  @Test
  void trailingSlashIsIgnored() {
    get("/v2.0/routers/").statusCode(200);
    get(Wire.helpersOf(router()) + "/").statusCode(200);
  }

  @ParameterizedTest
  @CsvSource({"text/plain, application/xml", "nonsense, nonsense", "image/png, image/png;q=0"})
  void neitherContentTypeNorAcceptNorTokenMatters(String contentType, String accept) {
    given()
        .header("Content-Type", contentType)
        .header("Accept", accept)
        .header("X-Auth-Token", "notused")
        .body("{\"router\": {}}".getBytes(StandardCharsets.UTF_8))
        .post("/v2.0/routers")
        .then()
        .statusCode(201)
        .header("Content-Type", "application/json");
  }

  @Test
  void deleteWithBodyIsRefused() {
    String url = "/v2.0/routers/" + router();
    isError(
        request().body("{}").delete(url).then(),
        400,
        "HTTPBadRequest",
        "Request body is not supported in DELETE.");
    get(url).statusCode(200);
  }

  @Test
  void oversizedBodyIsRefused() {
    isError(
        Wire.post("/v2.0/routers", " ".repeat(1_100_000)),
        413,
        "HTTPRequestEntityTooLarge",
        "The body of the request is too large.");
  }

  @Test
  void requestIdsAreOfTheirOwn() {
    Set<String> ids = Set.of(requestId("/"), requestId("/nosuch"), requestId("/v2.0/routers"));
    assertThat(ids).hasSize(3);
  }

  private static String requestId(String path) {
    return get(path).extract().header("X-Openstack-Request-Id");
  }

  private static ValidatableResponse answer(String method, String path) {
    return request()
        .request(method, path)
        .then()
        .header("X-Openstack-Request-Id", matchesPattern("req-[0-9a-f-]{36}"));
  }

  /** Refused before it is a request: without a body, as documented. */
  @ParameterizedTest
  @CsvSource({"9000, 7, 404", "17000, 7, 414", "7, 9000, 404", "7, 17000, 431"})
  void tooLongForTheServer(int address, int header, int status) throws IOException {
    String answer =
        exchange(
            "GET /v2.0/routers/x?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: %s\r\n\r\n"
                .formatted("a".repeat(address), "b".repeat(header)));

    assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
    if (status > 404) {
      assertThat(answer).contains("content-length: 0");
    }
  }
}
