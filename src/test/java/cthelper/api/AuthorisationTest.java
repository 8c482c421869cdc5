package cthelper.api;

import static cthelper.auth.WithKeystone.keystone;
import static io.restassured.RestAssured.given;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import cthelper.auth.WithKeystone;
import cthelper.model.RouterId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation, by every kind of caller, on what is his, what is somebody else's and what does
 * not exist. An operation of the description that has no line here fails.
 */
@QuarkusTest
@TestProfile(WithKeystone.class)
class AuthorisationTest {

  private static final String OWN_PROJECT = "project-of-the-caller";
  private static final String OTHER_PROJECT = "project-of-somebody-else";

  private enum Who {
    NO_TOKEN,
    NONSENSE,
    EXPIRED,
    REVOKED,
    SYSTEM_SCOPE,
    SERVICE,
    READER,
    MEMBER,
    MANAGER,
    ADMIN
  }

  private enum Whose {
    OWN,
    FOREIGN,
    UNKNOWN
  }

  /**
   * One operation: its request, and the statuses for reader, member and admin on what is their own,
   * somebody else's and unknown. {@code R} stands for the router, {@code H} for the helper.
   */
  private record Line(
      String method, String path, String body, String reader, String member, String admin) {

    int status(Who who, Whose whose) {
      String statuses =
          switch (who) {
            case READER -> reader;
            case MEMBER, MANAGER -> member;
            case ADMIN -> admin;
            case SERVICE -> needsAnyRole() ? withoutRole("403 400 400") : ALL;
            case SYSTEM_SCOPE -> needsAnyRole() ? withoutRole("400 400 400") : ALL;
            case NO_TOKEN, NONSENSE, EXPIRED, REVOKED ->
                path.equals("/") || path.equals("/v2.0") ? "200 200 200" : "401 401 401";
          };
      // Three digits and a space each.
      int at =
          switch (whose) {
            case OWN -> 0;
            case FOREIGN -> 4;
            case UNKNOWN -> 8;
          };
      return Integer.parseInt(statuses.substring(at, at + 3));
    }

    /** A body that names another project is refused for that, before anybody's right is. */
    private String withoutRole(String ofBody) {
      return body.contains("project_id") ? ofBody : NEVER;
    }

    boolean changes() {
      return !method.equals("GET");
    }

    private boolean needsAnyRole() {
      return !path.startsWith("/v2.0/extensions") && !path.equals("/") && !path.equals("/v2.0");
    }
  }

  private static final String HELPERS = "/v2.0/routers/R/conntrack_helpers";
  private static final String HELPER =
      "{\"conntrack_helper\": {\"helper\": \"tftp\", \"protocol\": \"udp\", \"port\": 69}}";
  private static final String PORT = "{\"conntrack_helper\": {\"port\": 2121}}";
  private static final String ALL = "200 200 200";
  private static final String NEVER = "403 403 403";

  private static final Map<String, Line> LINES =
      Map.ofEntries(
          Map.entry("listVersions", new Line("GET", "/", "", ALL, ALL, ALL)),
          Map.entry("showVersion", new Line("GET", "/v2.0", "", ALL, ALL, ALL)),
          Map.entry("listExtensions", new Line("GET", "/v2.0/extensions", "", ALL, ALL, ALL)),
          Map.entry("showExtension", new Line("GET", "/v2.0/extensions/router", "", ALL, ALL, ALL)),
          Map.entry("listPorts", new Line("GET", "/v2.0/ports?device_id=R", "", ALL, ALL, ALL)),
          Map.entry(
              "listConntrackHelperTypes",
              new Line("GET", "/v2.0/conntrack_helper_types", "", ALL, ALL, ALL)),
          Map.entry("listAgents", new Line("GET", "/v2.0/agents", "", NEVER, NEVER, ALL)),
          Map.entry(
              "showAgent", new Line("GET", "/v2.0/agents/R", "", NEVER, NEVER, "404 404 404")),
          Map.entry(
              "deleteAgent", new Line("DELETE", "/v2.0/agents/R", "", NEVER, NEVER, "404 404 404")),
          Map.entry(
              "listPlacements",
              new Line("GET", "/v2.0/routers/R/placements", "", NEVER, NEVER, "200 200 404")),
          Map.entry("listRouters", new Line("GET", "/v2.0/routers?id=R", "", ALL, ALL, ALL)),
          Map.entry(
              "createRouter",
              new Line(
                  "POST",
                  "/v2.0/routers",
                  "{\"router\": {\"project_id\": \"P\"}}",
                  "403 400 400",
                  "201 400 400",
                  "201 201 201")),
          Map.entry(
              "showRouter",
              new Line("GET", "/v2.0/routers/R", "", "200 404 404", "200 404 404", "200 200 404")),
          Map.entry(
              "updateRouter",
              new Line(
                  "PUT",
                  "/v2.0/routers/R",
                  "{\"router\": {\"name\": \"new\"}}",
                  "403 404 404",
                  "200 404 404",
                  "200 200 404")),
          Map.entry(
              "deleteRouter",
              new Line(
                  "DELETE", "/v2.0/routers/R", "", "403 404 404", "204 404 404", "204 204 404")),
          Map.entry("listConntrackHelpers", new Line("GET", HELPERS, "", ALL, ALL, ALL)),
          Map.entry(
              "createConntrackHelper",
              new Line("POST", HELPERS, HELPER, NEVER, "201 403 403", "201 201 404")),
          Map.entry(
              "showConntrackHelper",
              new Line("GET", HELPERS + "/H", "", "200 404 404", "200 404 404", "200 200 404")),
          Map.entry(
              "updateConntrackHelper",
              new Line("PUT", HELPERS + "/H", PORT, "403 404 404", "200 404 404", "200 200 404")),
          Map.entry(
              "deleteConntrackHelper",
              new Line("DELETE", HELPERS + "/H", "", "403 404 404", "204 404 404", "204 204 404")));

  @Test
  void everyOperationHasALine() {
    List<String> described =
        given()
            .queryParam("format", "json")
            .get("/openapi")
            .jsonPath()
            .getList("paths.values().collectMany { it.values() }.operationId.findAll { it }");

    assertThat(described)
        .hasSizeGreaterThan(15)
        .containsExactlyInAnyOrderElementsOf(LINES.keySet());
  }

  @TestFactory
  Stream<DynamicTest> everyoneMayDoExactlyWhatIsHis() {
    List<DynamicTest> cells = new ArrayList<>();
    LINES.forEach((operation, line) -> {
      for (Who who : Who.values()) {
        for (Whose whose : Whose.values()) {
          cells.add(
              DynamicTest.dynamicTest(
                  operation + " " + who + " " + whose, () -> cell(line, who, whose)));
        }
      }
    });
    return cells.stream();
  }

  private static void cell(Line line, Who who, Whose whose) {
    Target target = Target.of(whose);
    Response answer = send(line, token(who), target);

    int status = line.status(who, whose);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
    switch (status) {
      case 401 -> {
        assertThat(Wire.json(answer.then()).at("/error/code").asInt()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate"))
            .isEqualTo("Keystone uri=\"" + keystone().url() + "\"");
      }
      case 403 -> assertThat(type(answer)).isEqualTo("PolicyNotAuthorized");
      default -> {}
    }
    if (line.changes() && status >= 400) {
      target.isUntouched();
    } else if (line.changes()) {
      MADE.remove(whose);
    }
    if (whose != Whose.OWN && who != Who.ADMIN && answer.contentType().contains("json")) {
      assertThat(answer.asString().replace(target.router, "R")).doesNotContain(OTHER_PROJECT);
    }
  }

  /** Nobody can find out by trying which ids other projects have. */
  @TestFactory
  Stream<DynamicTest> foreignIsAnsweredLikeUnknown() {
    return LINES.entrySet().stream()
        .flatMap(entry ->
            Stream.of(Who.SERVICE, Who.READER, Who.MEMBER)
                .map(who ->
                    DynamicTest.dynamicTest(
                        entry.getKey() + " " + who,
                        () -> {
                          Target foreign = Target.of(Whose.FOREIGN);
                          Target unknown = Target.of(Whose.UNKNOWN);
                          assertThat(told(entry.getValue(), who, foreign))
                              .isEqualTo(told(entry.getValue(), who, unknown));
                        })));
  }

  /** The hole of OSSN-0102: the caller's own router in the address, somebody else's helper. */
  @TestFactory
  Stream<DynamicTest> foreignHelperUnderTheOwnRouter() {
    return Stream.of("showConntrackHelper", "updateConntrackHelper", "deleteConntrackHelper")
        .map(operation ->
            DynamicTest.dynamicTest(
                operation,
                () -> {
                  Target own = Target.of(Whose.OWN);
                  Target foreign = Target.of(Whose.FOREIGN);
                  Target mixed = new Target(own.router, foreign.helper);
                  Target none = new Target(own.router, UUID.randomUUID().toString());
                  Line line = requireNonNull(LINES.get(operation));
                  Response answer = send(line, token(Who.MEMBER), mixed);
                  assertThat(answer.statusCode()).isEqualTo(404);
                  assertThat(type(answer)).isEqualTo("ConntrackHelperNotFound");
                  assertThat(told(line, Who.MEMBER, mixed)).isEqualTo(told(line, Who.MEMBER, none));
                  foreign.isUntouched();
                }));
  }

  @Test
  void aBrokenBodyIsToldBeforeTheRightAndTheRightBeforeTheAllowList() {
    String reader = token(Who.READER);
    Target own = Target.of(Whose.OWN);
    Line broken = new Line("POST", HELPERS, "{\"conntrack_helper\": {}}", "", "", "");
    Line unheardOf = new Line("POST", HELPERS, HELPER.replace("tftp", "nosuch"), "", "", "");

    assertThat(send(broken, reader, own).statusCode()).isEqualTo(400);
    assertThat(send(unheardOf, reader, own).statusCode()).isEqualTo(403);
    assertThat(type(send(unheardOf, token(Who.MEMBER), own)))
        .isEqualTo("ConntrackHelperNotAllowed");
  }

  @Test
  void membersNeitherSeeNorGiveWhatIsForAdministrators() {
    String member = token(Who.MEMBER);
    Line show = new Line("GET", "/v2.0/routers/R", "", "", "", "");
    Target own = Target.of(Whose.OWN);
    Target none = Target.of(Whose.UNKNOWN);

    assertThat(send(show, member, own).jsonPath().getMap("router"))
        .doesNotContainKeys("ha", "distributed");
    assertThat(send(show, token(Who.ADMIN), own).jsonPath().getMap("router"))
        .containsKeys("ha", "distributed");
    for (String attribute : List.of("\"id\": \"" + none.router + "\"", "\"ha\": true")) {
      Line create =
          new Line("POST", "/v2.0/routers", "{\"router\": {" + attribute + "}}", "", "", "");
      assertThat(send(create, member, none).statusCode()).isEqualTo(400);
    }
    Line types = new Line("GET", "/v2.0/conntrack_helper_types", "", "", "", "");
    assertThat(send(types, member, none).asString()).doesNotContain("agents");
    assertThat(send(types, token(Who.ADMIN), none).asString()).contains("agents");
  }

  private static String told(Line line, Who who, Target target) {
    Response answer = send(line, token(who), target);
    return answer.statusCode()
        + answer.asString().replace(target.router, "R").replace(target.helper, "H");
  }

  private static String type(Response answer) {
    return Wire.json(answer.then()).at("/NeutronError/type").asText();
  }

  private static Response send(Line line, String token, Target target) {
    var request = given().header(Callers.TOKEN_HEADER, token);
    if (token.isEmpty()) {
      request = given();
    }
    if (!line.body.isEmpty()) {
      request = request.body(line.body.replace("\"P\"", "\"" + target.project() + "\""));
    }
    return request.request(
        line.method, line.path.replace("R", target.router).replace("H", target.helper));
  }

  private static final Map<Who, String> TOKENS = new EnumMap<>(Who.class);

  private static String token(Who who) {
    return TOKENS.computeIfAbsent(who, AuthorisationTest::newToken);
  }

  private static String newToken(Who who) {
    Duration hour = Duration.ofHours(1);
    return switch (who) {
      case NO_TOKEN -> "";
      case NONSENSE -> "no token of anybody";
      case EXPIRED -> keystone().token(OWN_PROJECT, Duration.ofSeconds(-1), "admin");
      case REVOKED -> {
        String token = keystone().token(OWN_PROJECT, hour, "admin");
        keystone().revoke(token);
        yield token;
      }
      case SYSTEM_SCOPE -> keystone().token("", hour, "admin");
      case SERVICE -> keystone().token(OWN_PROJECT, hour, "service");
      case READER -> keystone().token(OWN_PROJECT, hour, "reader");
      case MEMBER -> keystone().token(OWN_PROJECT, hour, "member", "reader");
      case MANAGER -> keystone().token(OWN_PROJECT, hour, "manager", "member", "reader");
      case ADMIN -> keystone().token(OWN_PROJECT, hour, "admin");
    };
  }

  /** Those that nobody has changed yet. */
  private static final Map<Whose, Target> MADE = new EnumMap<>(Whose.class);

  /** A router with one helper, or ids of nothing. */
  private record Target(String router, String helper) {

    static Target of(Whose whose) {
      return switch (whose) {
        case OWN -> MADE.computeIfAbsent(whose, _ -> made(OWN_PROJECT));
        case FOREIGN -> MADE.computeIfAbsent(whose, _ -> made(OTHER_PROJECT));
        case UNKNOWN -> new Target(RouterId.random().toString(), UUID.randomUUID().toString());
      };
    }

    private static Target made(String project) {
      String admin = token(Who.ADMIN);
      String router = RouterId.random().toString();
      given()
          .header(Callers.TOKEN_HEADER, admin)
          .body("{\"router\": {\"id\": \"%s\", \"project_id\": \"%s\"}}".formatted(router, project))
          .post("/v2.0/routers")
          .then()
          .statusCode(201);
      JsonNode helper =
          Wire.json(
              given()
                  .header(Callers.TOKEN_HEADER, admin)
                  .body(Wire.FTP_21)
                  .post(Wire.helpersOf(router))
                  .then()
                  .statusCode(201));
      return new Target(router, helper.at("/conntrack_helper/id").asText());
    }

    String project() {
      Response shown = asAdmin("/v2.0/routers/" + router);
      return shown.statusCode() == 200
          ? shown.jsonPath().getString("router.project_id")
          : OTHER_PROJECT;
    }

    void isUntouched() {
      Response shown = asAdmin("/v2.0/routers/" + router);
      if (shown.statusCode() == 200) {
        assertThat(shown.jsonPath().getInt("router.revision_number")).isEqualTo(2);
        assertThat(shown.jsonPath().getList("router.conntrack_helpers")).hasSize(1);
      }
    }

    private static Response asAdmin(String path) {
      return given().header(Callers.TOKEN_HEADER, token(Who.ADMIN)).get(path);
    }
  }
}
