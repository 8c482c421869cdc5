package cthelper.api;

import static cthelper.api.Wire.json;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.testing.CapturedLog;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What means something to a database, a shell, a log, a template or a browser is a text like any
 * other here, wherever a client puts it.
 */
@QuarkusTest
class InjectionTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each is a whole value; no other test has the last of its letters. */
  static List<String> texts() {
    return List.of(
        "'; DROP TABLE router; --",
        "' OR '1'='1",
        "\\'; SELECT pg_sleep(20); --",
        "x') UNION SELECT id, verdicts::text FROM placement --",
        "%",
        "_",
        ":router",
        "?1",
        "$1",
        "${jndi:ldap://127.0.0.1:1/a}",
        "${QUARKUS_DATASOURCE_PASSWORD}",
        "#{7*7}{{7*7}}",
        "$(touch /tmp/injected)`id`",
        "\"}} tcp . 21 : \"ftp-tcp\" } flush ruleset",
        "a\r\nX-Injected: 1\r\n\r\n<html>",
        "a\n2026-01-01T00:00:00Z INFO  [c.a.AcceptedWrites] router deleted",
        "\u001b[2J\u001b]0;title\u0007",
        "<script>alert(1)</script>",
        "../../../../etc/passwd",
        "router\u202egnp.",
        "\u2028{\"level\":\"ERROR\"}");
  }

  private String another = "";

  @BeforeEach
  void makeAnother() {
    another = Wire.router("another " + UUID.randomUUID());
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aNameIsKeptAndFoundAsItWasGiven(String text) {
    String name = text + UUID.randomUUID();
    try (CapturedLog log = CapturedLog.of(AcceptedWrites.class)) {
      JsonNode made = json(post("/v2.0/routers", named(name)).statusCode(201)).path("router");
      assertThat(made.path("name").asText()).isEqualTo(name);

      assertThat(found("name=" + encoded(name))).containsExactly(made.path("id").asText());
      assertThat(log.lines())
          .hasSize(1)
          .allSatisfy(line -> assertThat(line).matches("INFO router created: \\P{Cntrl}+"))
          .noneMatch(line -> line.contains("\u202e") || line.contains("\u2028"));
    }
  }

  /** Nothing is found by it, nothing is hurt, and it comes back as data. */
  @ParameterizedTest
  @MethodSource("texts")
  void inAddressesItFindsNothing(String text) {
    String value = encoded(text);
    assertThat(found("name=" + value)).isEmpty();
    assertThat(found("description=" + value)).isEmpty();
    for (String query :
        List.of(
            "sort_key=" + value + "&sort_dir=asc",
            "sort_key=name&sort_dir=" + value,
            "limit=" + value,
            value + "=1")) {
      isRefused(request().get("/v2.0/routers?" + query), 400);
    }
    // Neither names anything; the former selects no attribute, the latter no place.
    assertThat(request().get("/v2.0/routers?fields=" + value).statusCode()).isEqualTo(200);
    assertThat(request().get("/v2.0/routers?limit=1&marker=" + value).statusCode()).isEqualTo(200);
    for (String path : List.of("/v2.0/routers/", "/v2.0/extensions/", "/v2.0/agents/")) {
      isRefused(request().get(path + value), 404);
    }
    isRefused(request().delete("/v2.0/routers/" + another + "/conntrack_helpers/" + value), 404);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void inBodiesOnlyTextsTakeIt(String text) {
    String quoted = JSON.valueToTree(text).toString();
    String helpers = Wire.helpersOf(another);
    for (String body :
        List.of(
            "{\"conntrack_helper\": {\"helper\": %s, \"protocol\": \"tcp\", \"port\": 21}}",
            "{\"conntrack_helper\": {\"helper\": \"ftp\", \"protocol\": %s, \"port\": 21}}",
            "{\"conntrack_helper\": {\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %s}}",
            "{\"conntrack_helper\": {%s: 1}}")) {
      isRefused(request().body(body.formatted(quoted)).post(helpers), 400);
    }
  }

  /** Also where it could only be looked at by what stands in front of the service. */
  @Test
  void inHeadersItIsNotLookedAt() {
    for (String text : texts()) {
      if (text.chars().allMatch(letter -> letter >= ' ' && letter < 127)) {
        Response answer =
            request()
                .header("X-Auth-Token", text)
                .header("X-Openstack-Request-Id", text)
                .header("User-Agent", text)
                .get("/v2.0/routers/" + another);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("X-Openstack-Request-Id")).matches("req-[0-9a-f-]{36}");
        assertThat(answer.headers().toString()).doesNotContain(text);
      }
    }
  }

  private static List<String> found(String query) {
    return json(request().get("/v2.0/routers?" + query).then().statusCode(200))
        .path("routers")
        .findValuesAsText("id");
  }

  /** A NeutronError in JSON, whatever it repeats; and no header is made of it. */
  private static void isRefused(Response answer, int status) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(answer.header("X-Injected")).isNull();
    assertThat(json(answer.then()).path("NeutronError").path("message").asText())
        .doesNotContain("jdbc:")
        .doesNotContain("SELECT id FROM");
  }

  private static String named(String name) {
    return "{\"router\": {\"name\": %s}}".formatted(JSON.valueToTree(name));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
