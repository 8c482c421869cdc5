package cthelper.service;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Map;

/** What a client says to the service, in the few words the tests need. */
record Api(String base) {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** Creates a router with this id. */
  void createRouter(String id, String name) {
    given()
        .baseUri(base)
        .body(Map.of("router", Map.of("id", id, "name", name)))
        .post("/v2.0/routers")
        .then()
        .statusCode(201);
  }

  boolean routerExists(String id) {
    return given().baseUri(base).get("/v2.0/routers/" + id).statusCode() == 200;
  }

  /** Waits until the router is there, for example because its namespace was adopted. */
  void awaitRouter(String id) {
    await("router " + id + " is there")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> routerExists(id));
  }

  Response deleteRouter(String id) {
    return given().baseUri(base).delete("/v2.0/routers/" + id);
  }

  /** Creates a conntrack helper; returns its id. */
  String createHelper(String router, String helper, String protocol, int port) {
    return postHelper(router, helper, protocol, port)
        .then()
        .statusCode(201)
        .extract()
        .path("conntrack_helper.id");
  }

  Response postHelper(String router, String helper, String protocol, int port) {
    Map<String, Object> attributes = Map.of("helper", helper, "protocol", protocol, "port", port);
    return given().baseUri(base).body(Map.of("conntrack_helper", attributes)).post(helpers(router));
  }

  Response updateHelper(String router, String id, Map<String, Object> attributes) {
    return given()
        .baseUri(base)
        .body(Map.of("conntrack_helper", attributes))
        .put(helpers(router) + "/" + id);
  }

  void deleteHelper(String router, String id) {
    tryToDeleteHelper(router, id).then().statusCode(204);
  }

  Response tryToDeleteHelper(String router, String id) {
    return given().baseUri(base).delete(helpers(router) + "/" + id);
  }

  /** Those at this port. */
  Response listHelpers(String router, int port) {
    return given().baseUri(base).queryParam("port", port).get(helpers(router));
  }

  /** All conntrack helpers of the router as they are shown. */
  JsonPath helpersOf(String router) {
    return given().baseUri(base).get(helpers(router)).jsonPath();
  }

  /** The conntrack helper as it is shown. */
  JsonPath helper(String router, String id) {
    return given().baseUri(base).get(helpers(router) + "/" + id).jsonPath();
  }

  String status(String router, String id) {
    return helper(router, id).getString("conntrack_helper.status");
  }

  void awaitStatus(String router, String id, String status) {
    await("conntrack helper " + id + " is " + status)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> status.equals(status(router, id)));
  }

  /** In how many namespaces the router is known to be. */
  int placements(String router) {
    return given()
        .baseUri(base)
        .get("/v2.0/routers/" + router + "/placements")
        .jsonPath()
        .getList("placements")
        .size();
  }

  private static String helpers(String router) {
    return "/v2.0/routers/" + router + "/conntrack_helpers";
  }
}
