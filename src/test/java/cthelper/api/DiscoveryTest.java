package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.request;
import static cthelper.api.Wire.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask before and besides: versions, extensions, ports, old forms of addresses. */
@QuarkusTest
class DiscoveryTest {

  @Test
  void extensionsAreThoseThatClientsAskFor() {
    get("/v2.0/extensions")
        .statusCode(200)
        .body(
            "extensions.alias",
            hasItems(
                "router",
                "l3-conntrack-helper",
                "expose-l3-conntrack-helper",
                "agent",
                "pagination",
                "sorting",
                "project-id",
                "filter-validation",
                "standard-attr-revisions",
                "standard-attr-timestamp"));
  }

  @Test
  void everyExtensionIsShownByItsAlias() {
    List<Map<String, Object>> all = get("/v2.0/extensions").extract().path("extensions");
    assertThat(all).extracting(each -> each.get("alias")).doesNotHaveDuplicates();
    for (Map<String, Object> each : all) {
      assertThat(each).containsOnlyKeys("name", "alias", "description", "updated", "links");
      get("/v2.0/extensions/" + each.get("alias")).body("extension", equalTo(each));
    }
    get("/v2.0/extensions/l3-conntrack-helper")
        .body("extension.name", equalTo("L3 Conntrack helper"))
        .body("extension.updated", equalTo("2019-04-04T10:00:00-00:00"));
  }

  @Test
  void anUnknownExtensionIsSaidInTheWordsOfTheExtensionManager() {
    get("/v2.0/extensions/qos")
        .statusCode(404)
        .body("size()", equalTo(3))
        .body("code", equalTo("404 Not Found"))
        .body("title", equalTo("Not Found"))
        .body("message", equalTo("Extension with alias qos does not exist"));
  }

  @Test
  void aRouterHasNoPorts() {
    get("/v2.0/ports?device_id=" + router()).statusCode(200).body("ports", hasSize(0));
    get("/v2.0/ports?device_id=x&fields=id&limit=9").body("size()", equalTo(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2.0", "/v2.0/"})
  void theVersionSaysWhatIsInIt(String path) {
    get(path)
        .statusCode(200)
        .body("version.id", equalTo("v2.0"))
        .body("version.links[0].href", endsWith("/v2.0/"))
        .body("resources.collection", hasItems("routers", "agents", "conntrack_helper_types"));
    List<String> addresses = get(path).extract().path("resources.links.flatten().href");
    assertThat(addresses).hasSize(5).allSatisfy(address -> get(address).statusCode(200));
  }

  @Test
  void aSuffixIsIgnored() {
    String router = router();
    String id = created(router, Wire.FTP_21);

    get("/v2.0/routers/" + router + ".json").body("router.id", equalTo(router));
    get("/v2.0/routers.json?id=" + router).body("routers.id", equalTo(List.of(router)));
    get(helpersOf(router) + ".json?port=21").body("conntrack_helpers.id", equalTo(List.of(id)));
    get(helpersOf(router) + "/" + id + ".json").body("conntrack_helper.id", equalTo(id));
    get("/v2.0/extensions/router.json").body("extension.alias", equalTo("router"));
    request()
        .body("{\"conntrack_helper\": {\"port\": 22}}")
        .put(helpersOf(router) + "/" + id + ".json")
        .then()
        .statusCode(200);
    request().delete(helpersOf(router) + "/" + id + ".json").then().statusCode(204);
    request().delete("/v2.0/routers/" + router + ".json").then().statusCode(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v2.0/routers/.json", "/v2.0/x.json", "/.json", "/v2.0/routers/x.json.json"})
  void aSuffixMakesNothingOfNothing(String path) {
    int status = get(path).extract().statusCode();
    assertThat(status).isIn(200, 404);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v2.0/extensions",
    "DELETE, /v2.0/extensions/router",
    "PUT, /v2.0/ports",
    "POST, /v2.0/agents",
    "PUT, /v2.0/agents/x",
    "POST, /v2.0/conntrack_helper_types",
    "POST, /v2.0/routers/x/placements",
    "PUT, /v2.0",
    "HEAD, /v2.0/extensions",
    "OPTIONS, /v2.0/agents",
  })
  void otherMethodsAreNotThere(String method, String path) {
    request().request(method, path).then().statusCode(405);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    isError(get("/v2.0/networks"), 404, "HTTPNotFound", "The resource could not be found.");
    isError(get("/v2.0/ports/x"), 404, "HTTPNotFound", "The resource could not be found.");
  }
}
