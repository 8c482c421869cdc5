package cthelper.api;

import static cthelper.api.Wire.request;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cthelper.model.AddressFamily;
import cthelper.model.DriftRepairs;
import cthelper.model.HelperCatalog;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.store.PlacementStore;
import cthelper.store.ReportedNamespace;
import cthelper.store.RouterStore;
import cthelper.testing.NodeSessions;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples of the document: requests that are taken, and answers that are given word for word.
 * While a test runs, the router of the examples exists.
 */
@QuarkusTest
class OpenApiExamplesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROUTERS = "/v2.0/routers";
  private static final String ROUTER = ROUTERS + "/5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1";
  private static final String HELPERS = ROUTER + "/conntrack_helpers";

  /** What differs from one run to the next. */
  private static final List<String> OF_ITS_OWN =
      List.of(
          "id",
          "created_at",
          "updated_at",
          "started_at",
          "heartbeat_timestamp",
          "desired_fence",
          "observed_fence",
          "last",
          "href");

  private static final NodeIdentity NODE =
      new NodeIdentity(
          new NodeId(UUID.fromString("1a16f550-a538-4645-99f9-8716489912a2")),
          "net-1",
          "6.18.44",
          Map.of(
              HelperCatalog.find("ftp", Protocol.TCP).orElseThrow(),
              EnumSet.allOf(AddressFamily.class),
              HelperCatalog.find("irc", Protocol.TCP).orElseThrow(),
              Set.of(AddressFamily.IPV4)));

  @Inject PlacementStore placements;
  @Inject RouterStore routers;

  private JsonNode document = MissingNode.getInstance();

  @BeforeEach
  void makeRouter() throws IOException {
    document = OpenApiTest.document();
    send("POST", ROUTERS, body("RouterCreate", "id"), 201);
  }

  @AfterEach
  void deleteRouter() {
    request().delete(ROUTER);
  }

  @Test
  void requests() throws IOException {
    JsonNode made = send("POST", HELPERS, body("ConntrackHelperCreate", "ftp"), 201);
    send("POST", HELPERS, body("ConntrackHelperCreate", "tftp"), 201);
    send("POST", HELPERS, body("ConntrackHelperCreate", "sip"), 201);
    String helper = HELPERS + "/" + made.at("/conntrack_helper/id").asText();
    send("PUT", helper, body("ConntrackHelperUpdate", "port"), 200);
    send("PUT", helper, body("ConntrackHelperUpdate", "helper"), 200);
    send("PUT", ROUTER, body("RouterUpdate", "name"), 200);
    request().delete(helper).then().statusCode(204);
    request().delete(ROUTER).then().statusCode(204);
    send("POST", ROUTERS, body("RouterCreate", "id"), 201);
    send("POST", HELPERS, body("ConntrackHelperCreate", "several"), 201);
    JsonNode named = send("POST", ROUTERS, body("RouterCreate", "name"), 201);
    request().delete(ROUTERS + "/" + named.at("/router/id").asText()).then().statusCode(204);
  }

  @Test
  void answers() throws IOException {
    JsonNode helper = send("POST", HELPERS, body("ConntrackHelperCreate", "ftp"), 201);

    assertSame(helper, answer("ConntrackHelper", "down"));
    assertSame(helper, answer("ConntrackHelpersMade", "one"));
    assertSame(
        send("GET", HELPERS + "?limit=1&fields=port", "", 200), answer("ConntrackHelpers", "page"));
    assertSame(send("GET", HELPERS, "", 200), answer("ConntrackHelpers", "one"));
    assertSame(send("GET", ROUTER, "", 200), answer("Router", "edge"));
    String query = "?id=5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1&name=edge&fields=id&fields=name";
    assertThat(send("GET", ROUTERS + query, "", 200)).isEqualTo(answer("Routers", "fields"));
    assertSame(
        send("POST", HELPERS, body("ConntrackHelperCreate", "ftp"), 400),
        answer("BadConntrackHelper", "taken"));

    request().delete(ROUTER).then().statusCode(204);
    assertSame(send("GET", HELPERS, "", 200), answer("ConntrackHelpers", "unknown"));
    assertSame(send("GET", ROUTER, "", 404), answer("NoSuchRouter", "router"));
  }

  @Test
  void answersAboutSeveral() throws IOException {
    assertSame(
        send("POST", HELPERS, body("ConntrackHelperCreate", "several"), 201),
        answer("ConntrackHelpersMade", "several"));
    request().delete(ROUTER).then().statusCode(204);
    assertSame(
        send("POST", ROUTERS, body("RouterCreate", "id"), 201), answer("RoutersMade", "one"));
  }

  @Test
  void answersAboutWhatIsHere() throws IOException {
    String extensions = "/v2.0/extensions/";
    assertSame(
        send("GET", extensions + "l3-conntrack-helper", "", 200), answer("Extension", "helpers"));
    assertSame(send("GET", extensions + "qos", "", 404), answer("NoSuchExtension", "qos"));
    assertSame(send("GET", "/v2.0/ports?device_id=x", "", 200), answer("Ports", "none"));
    assertSame(send("GET", "/", "", 200), answer("Versions", "here"));
  }

  @Test
  void answersAboutNodes() throws IOException {
    String agent = "/v2.0/agents/" + NODE.id();
    assertSame(send("GET", agent, "", 404), answer("NoSuchAgent", "agent"));
    assertSame(send("GET", ROUTER + "/placements", "", 200), answer("Placements", "none"));
    String helper =
        send("POST", HELPERS, body("ConntrackHelperCreate", "ftp"), 201)
            .at("/conntrack_helper/id")
            .asText();
    RouterId router = RouterId.parse(ROUTER.substring(ROUTERS.length() + 1)).orElseThrow();
    Placement placement = new Placement(router, NODE.id(), "qrouter-" + router);
    Duration minute = Duration.ofMinutes(1);
    NodeSessions.connected(
        placements,
        NODE,
        minute,
        List.of(new ReportedNamespace(placement.namespace(), router, true, 1)));
    try {
      Verdict proven =
          new Verdict(
              UUID.fromString(helper), 1, true, EnumSet.allOf(AddressFamily.class), null, "");
      NodeSessions.record(
          placements,
          placement,
          new Held(routers.fenceOf(router).orElseThrow(), List.of(proven), true),
          minute);
      NodeSessions.drifted(
          placements, placement, new DriftRepairs(1, "deleted table", "nft", 4711));

      assertSame(send("GET", ROUTER + "/placements", "", 200), answer("Placements", "one"));
      assertSame(send("GET", agent, "", 200), answer("Agent", "alive"));
      assertSame(
          send("GET", "/v2.0/agents?host=net-1&fields=host&fields=alive", "", 200),
          answer("Agents", "fields"));
      assertSame(send("DELETE", agent, "", 409), answer("AgentAlive", "alive"));
      JsonNode types = send("GET", "/v2.0/conntrack_helper_types", "", 200);
      ObjectNode ftp = (ObjectNode) types.at("/conntrack_helper_types/1");
      ((ArrayNode) ftp.path("agents"))
          .removeIf(node -> !node.path("host").asText().equals("net-1"));
      assertSame(ftp, answer("ConntrackHelperTypes", "ftp").at("/conntrack_helper_types/0"));
    } finally {
      placements.disconnected(NODE.id());
      request().delete(agent);
    }
  }

  @Test
  void revisions() throws IOException {
    String helper =
        send("POST", HELPERS, body("ConntrackHelperCreate", "ftp"), 201)
            .at("/conntrack_helper/id")
            .asText();
    JsonNode moved =
        JSON.readTree(
            request()
                .header("If-Match", "\"7\"")
                .delete(HELPERS + "/" + helper)
                .then()
                .statusCode(412)
                .extract()
                .asString());
    assertSame(moved, answer("RevisionMoved", "moved"));
  }

  @ParameterizedTest
  @CsvSource({
    "gopher, tcp, 70, not_allowed",
    "tftp, tcp, 69, wrong_protocol",
    "ftp, tcp, 70000, out_of_range",
    "ftp, tcp, '\"ssh\"', no_number",
  })
  void helpersThatAreRefused(String helper, String protocol, String port, String example)
      throws IOException {
    assertSame(
        send("POST", HELPERS, Wire.helper(helper, protocol, port), 400),
        answer("BadConntrackHelper", example));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"conntrack_helper\": {\"protocol\": \"tcp\", \"port\": 21, \"helper\": \"ftp\","
            + " \"status\": \"ACTIVE\"}} | read_only",
        "{\"conntrack_helper\": {\"prot\": \"tcp\"}} | unknown",
        "{ | malformed",
      })
  void helperBodiesThatAreRefused(String body, String example) throws IOException {
    assertSame(send("POST", HELPERS, body, 400), answer("BadConntrackHelper", example));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"router\": {\"id\": \"edge\"}} | no_uuid",
        "{\"router\": {\"ha\": \"maybe\"}} | no_boolean",
        "{\"router\": {\"external_gateway_info\": {\"network_id\": \"n\"}}} | no_such_thing",
        "{\"router\": {\"nmae\": \"edge\"}} | unknown",
        "{ | malformed",
      })
  void routerBodiesThatAreRefused(String body, String example) throws IOException {
    assertSame(send("POST", ROUTERS, body, 400), answer("BadRouter", example));
  }

  @ParameterizedTest
  @CsvSource({
    "?nmae=edge, no_filter",
    "?limit=-1, bad_limit",
    "?sort_key=nmae&sort_dir=asc, no_sort_key",
    "?revision_number=ten, no_number",
  })
  void queriesThatAreRefused(String query, String example) throws IOException {
    assertSame(send("GET", ROUTERS + query, "", 400), answer("BadQuery", example));
  }

  @Test
  void otherErrors() throws IOException {
    assertSame(send("DELETE", ROUTER, "{}", 400), answer("BadDelete", "body"));
    assertSame(
        send("GET", HELPERS + "/0d4f5b0e-4f2c-4b0e-9a57-3f5f5f0f9c11", "", 404),
        answer("NoSuchConntrackHelper", "helper"));
    assertSame(
        send("POST", ROUTERS, body("RouterCreate", "id"), 409), answer("RouterExists", "exists"));
    assertSame(
        send("POST", HELPERS, tooMany(), 409), answer("TooManyConntrackHelpers", "over_quota"));
    assertSame(send("POST", ROUTERS, " ".repeat(1_100_000), 413), answer("BodyTooLarge", "large"));
  }

  private static String tooMany() {
    return IntStream.rangeClosed(1, 257)
        .mapToObj("{\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}"::formatted)
        .collect(joining(", ", "{\"conntrack_helpers\": [", "]}"));
  }

  private String body(String component, String example) {
    return example("requestBodies", component, example).toString();
  }

  private JsonNode answer(String component, String example) {
    return example("responses", component, example);
  }

  private JsonNode example(String kind, String component, String name) {
    return document
        .path("components")
        .path(kind)
        .path(component)
        .at("/content/application~1json/examples")
        .required(name)
        .required("value");
  }

  private static JsonNode send(String method, String path, String body, int status)
      throws IOException {
    return JSON.readTree(
        (body.isEmpty() ? request() : request().body(body))
            .request(method, path)
            .then()
            .statusCode(status)
            .extract()
            .asString());
  }

  private static void assertSame(JsonNode given, JsonNode documented) {
    assertThat(withoutItsOwn(given)).isEqualTo(withoutItsOwn(documented));
  }

  private static JsonNode withoutItsOwn(JsonNode answer) {
    JsonNode copy = answer.deepCopy();
    for (String name : OF_ITS_OWN) {
      copy.findParents(name).forEach(parent -> ((ObjectNode) parent).remove(name));
    }
    return copy;
  }
}
