package cthelper.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import cthelper.helm.Chart;
import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart's proxy keeps everybody out who does not know the token, and lets clients work. */
@ExtendWith(PrivateNetns.class)
class ProxyIT {

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final Chart CHART = Chart.render(Chart.LEAST_VALUES);
  private static final Path NO_CERTIFICATES = Path.of("/nonexistent");

  private static DataFolder data;
  private static ServiceProcess service;
  private static Proxy proxy;

  @BeforeAll
  static void start() {
    data = new DataFolder();
    service = ServiceProcess.start(data.path(), Map.of());
    proxy = Proxy.start(CHART, TOKEN + "\n", service.port(), NO_CERTIFICATES);
  }

  @AfterAll
  static void stop() {
    proxy.close();
    service.close();
    data.close();
  }

  @ParameterizedTest
  @CsvSource({
    "Accept, application/json",
    "Authorization, Bearer wrong",
    "Authorization, Bearer 0123456789abcdef0123456789abcdee",
    "Authorization, Bearer 0123456789ABCDEF0123456789ABCDEF",
    "Authorization, Bearer 0123456789abcdef0123456789abcdef0",
    "Authorization, Basic 0123456789abcdef0123456789abcdef",
    "X-Auth-Token, ''",
    "X-Auth-Token, notused",
  })
  void whoDoesNotKnowTheTokenStaysOutside(String header, String value) {
    through(proxy)
        .header(header, value)
        .get("/v2.0/routers")
        .then()
        .statusCode(401)
        .contentType("application/json")
        .header("WWW-Authenticate", "Bearer")
        .header("X-Openstack-Request-Id", matchesPattern("req-[0-9a-f-]{36}"))
        .body("error.code", equalTo(401))
        .body("error.title", equalTo("Unauthorized"));
  }

  @ParameterizedTest
  @CsvSource({"Authorization, 'Bearer '", "X-Auth-Token, ''"})
  void whoKnowsItMayDoEverything(String header, String before) {
    String router =
        through(proxy)
            .header(header, before + TOKEN)
            .body("{\"router\": {\"name\": \"edge\"}}")
            .post("/v2.0/routers")
            .then()
            .statusCode(201)
            .extract()
            .path("router.id");
    through(proxy)
        .header(header, before + TOKEN)
        .delete("/v2.0/routers/" + router)
        .then()
        .statusCode(204);
    assertThat(proxy.output()).contains("/v2.0/routers").doesNotContain(TOKEN);
  }

  @Test
  void versionsAreTheBeginningAndNameTheAddressThatTheClientUsed() {
    through(proxy)
        .header("X-Forwarded-Host", "elsewhere.example")
        .header("X-Forwarded-Proto", "https")
        .header("Forwarded", "host=elsewhere.example")
        .get("/")
        .then()
        .statusCode(200)
        .body("versions[0].links[0].href", equalTo("http://127.0.0.1:" + proxy.port() + "/v2.0/"));
  }

  @Test
  void anIngressIsBelievedWhereTheValuesSaySo() {
    Chart trusting = Chart.render(Chart.LEAST_VALUES + "proxy: {trustForwarded: true}");
    try (Proxy behind = Proxy.start(trusting, TOKEN, service.port(), NO_CERTIFICATES)) {
      through(behind)
          .header("X-Forwarded-Host", "network.example")
          .header("X-Forwarded-Proto", "https")
          .get("/")
          .then()
          .body("versions[0].links[0].href", equalTo("https://network.example/v2.0/"));
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "short"})
  void anEmptyOrShortSecretOpensNothing(String token) {
    try (Proxy careless = Proxy.start(CHART, token, service.port(), NO_CERTIFICATES)) {
      through(careless).header("X-Auth-Token", token).get("/v2.0/routers").then().statusCode(401);
      through(careless).get("/v2.0/routers").then().statusCode(401);
    }
  }

  @Test
  void tls(@TempDir Path certificates) {
    Command.of(
            ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1"
                    + " -subj /CN=127.0.0.1 -keyout %1$s/tls.key -out %1$s/tls.crt")
                .formatted(certificates)
                .split(" "))
        .run();
    Chart chart = Chart.render(Chart.LEAST_VALUES + "tls: {existingSecret: cert}");
    try (Proxy encrypting = Proxy.start(chart, TOKEN, service.port(), certificates)) {
      given()
          .relaxedHTTPSValidation()
          .baseUri("https://127.0.0.1:" + encrypting.port())
          .get("/")
          .then()
          .statusCode(200)
          .body(
              "versions[0].links[0].href",
              equalTo("https://127.0.0.1:" + encrypting.port() + "/v2.0/"));
    }
  }

  @Test
  void aServiceThatIsNotThereIsSaidInItsOwnWords() throws IOException {
    int nobody = ServiceProcess.freePort();
    try (Proxy alone = Proxy.start(CHART, TOKEN, nobody, NO_CERTIFICATES)) {
      through(alone)
          .header("X-Auth-Token", TOKEN)
          .get("/v2.0/routers")
          .then()
          .statusCode(503)
          .header("Retry-After", "2")
          .body("NeutronError.type", equalTo("HTTPServiceUnavailable"));
    }
  }

  private static RequestSpecification through(Proxy door) {
    return given().baseUri("http://127.0.0.1:" + door.port());
  }
}
