package cthelper.api;

import static cthelper.api.Wire.exchange;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import cthelper.model.RouterId;
import cthelper.testing.CapturedLog;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and hosts as no client library would send them, and what links make of proper ones. */
@QuarkusTest
class AddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2.0/routers/{x}",
        "/v2.0/routers/a|b",
        "/v2.0/routers/a\\b",
        "/v2.0/routers/a^b.json",
        "/v2.0/routers?name=a|b",
        "/v2.0/routers?name=^x",
        "/v2.0/routers?fields=a`b",
        "/v2.0/routers?name={\"x\"}",
        "/v2.0/routers?fields=\0"
      })
  void whatIsNoUriIsRefused(String target) throws IOException {
    try (CapturedLog log = CapturedLog.of(NeutronErrors.class)) {
      assertThat(raw(target, "Host: here")).startsWith("HTTP/1.1 400 ").contains("NeutronError");
      assertThat(log.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: a b",
        "Host: {x}",
        "Host: [::1",
        "Host: <script>",
        "Host: x:abc",
        "Host: %zz",
        "Host: one\r\nHost: two",
        "X-No-Host: x",
        "Host: here\r\nX-Forwarded-Host: a b",
        "Host: here\r\nX-Forwarded-Host: ,",
        "Host: here\r\nX-Forwarded-Proto: javascript",
        "Host: here\r\nX-Forwarded-Proto: ",
        "Host: here\r\nX-Forwarded-Port: 80x",
        "Host: here\r\nX-Forwarded-Port: 65536",
        "Host: here:99999",
        "Host: [::::]",
        "Host: here\r\nX-Forwarded-Host: [::::]"
      })
  void whatIsNoHostIsRefused(String headers) throws IOException {
    assertThat(raw("/v2.0/routers?limit=1", headers))
        .startsWith("HTTP/1.1 400 ")
        .contains("check the headers Host and X-Forwarded-*");
  }

  /** It says where a request came from, which is of no account here. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",", ":80", "1.2.3.4, 5.6.7.8", "nonsense"})
  void forwardedForIsNotLookedAt(String value) throws IOException {
    assertThat(raw("/v2.0/routers?limit=1", "Host: here\r\nX-Forwarded-For: " + value))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "Host: cloud.example:9696 > http://cloud.example:9696",
        "Host: cloud.example:9696|X-Forwarded-Proto: https > https://cloud.example:9696",
        "Host: inner:9696|X-Forwarded-Proto: https|X-Forwarded-Host: cloud > https://cloud",
        "Host: inner:9696|X-Forwarded-Host: cloud:8443, inner > http://cloud:8443",
        "Host: inner|X-Forwarded-Host: cloud|X-Forwarded-Port: 8443 > http://cloud:8443",
        "Host: inner|X-Forwarded-Host: cloud:1|X-Forwarded-Port: 8443 > http://cloud:1",
        "Host: [2001:db8::1]:9696 > http://[2001:db8::1]:9696"
      })
  void linksBeginWithTheAddressThatTheClientUsed(String headers, String base) throws IOException {
    String lines = headers.replace("|", "\r\n");

    assertThat(json(raw("/", lines)).getString("versions[0].links[0].href"))
        .isEqualTo(base + "/v2.0/");
    assertThat(json(raw("/v2.0/routers?limit=1", lines)).getString("routers_links[-1].href"))
        .startsWith(base + "/v2.0/routers?limit=1");
  }

  /** They may mean something else to a proxy in front than to us. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "//v2.0/routers",
        "/v2.0//routers",
        "/x/../v2.0/routers",
        "/v2.0/./routers",
        "/v2.0/x/%2e%2E/routers",
        "/v2.0/routers/.%2e",
        "/v2.0;a=b/routers",
        "/v2.0/routers;x=y"
      })
  void detoursLeadNowhere(String path) throws IOException {
    assertThat(raw(path, "Host: here")).startsWith("HTTP/1.1 404 ").contains("HTTPNotFound");
  }

  @Test
  void whatIsLeftOfALongerPathChangesNothing() throws IOException {
    String router = router();
    for (String path : List.of("/v2.0/routers/" + router + "/", helpersOf(router) + "/%2e%2e")) {
      assertThat(exchange("DELETE " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 404 ");
    }
    get("/v2.0/routers/" + router).statusCode(200);
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, /v2.0/routers, 'GET, POST'",
    "PATCH, /v2.0/routers/x, 'GET, PUT, DELETE'",
    "PUT, /v2.0/agents/x, 'GET, DELETE'",
    "OPTIONS, /, GET",
    "POST, /v2.0/ports.json, GET"
  })
  void aRefusedMethodIsToldWhichAreNot(String method, String path, String allowed)
      throws IOException {
    assertThat(exchange(method + " " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("\r\nallow: " + allowed + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "PATCH", "OPTIONS", "PUT", "GET"})
  void anUnknownAddressIsUnknownToEveryMethod(String method) throws IOException {
    assertThat(exchange(method + " /v2.0/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404 ");
  }

  @Test
  void theSuffixLeavesTheRestAsItIs() {
    String name = "a+b&c=d " + RouterId.random();
    router(name);
    String query = "?limit=1&name=" + java.net.URLEncoder.encode(name, StandardCharsets.UTF_8);

    get("/v2.0/routers.json" + query).body("routers.name", contains(name));
    String next = get("/v2.0/routers.json" + query).extract().path("routers_links[0].href");
    assertThat(next).contains(query);
    get("/v2.0/extensions/%2572outer.json").statusCode(404);
    get("/v2.0/routers/%25.json").statusCode(404);
    get("/v2.0/extensions/a%2Fb.json").statusCode(404).body("code", equalTo("404 Not Found"));
  }

  private static JsonPath json(String answer) {
    return JsonPath.from(answer.substring(answer.indexOf("\r\n\r\n")));
  }

  private static String raw(String target, String headers) throws IOException {
    return exchange("GET " + target + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
  }
}
