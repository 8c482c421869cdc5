package cthelper.api;

import static cthelper.api.Wire.FTP_21;
import static cthelper.api.Wire.TFTP_69;
import static cthelper.api.Wire.created;
import static cthelper.api.Wire.delete;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.put;
import static cthelper.api.Wire.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import cthelper.model.RouterId;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routers over HTTP: contract section 5. */
@QuarkusTest
class RoutersTest {

  private static final String ROUTERS = "/v2.0/routers";

  @Test
  void createdRouterHasAllAttributesClientsExpect() {
    Map<String, Object> made =
        post(ROUTERS, "{\"router\": {\"name\": \"edge\"}}")
            .statusCode(201)
            .extract()
            .path("router");

    assertThat(made.keySet())
        .containsExactlyInAnyOrder(
            "id",
            "name",
            "description",
            "admin_state_up",
            "status",
            "project_id",
            "tenant_id",
            "external_gateway_info",
            "routes",
            "availability_zones",
            "availability_zone_hints",
            "flavor_id",
            "tags",
            "created_at",
            "updated_at",
            "revision_number",
            "conntrack_helpers",
            "distributed",
            "ha");
    assertThat(made)
        .containsEntry("name", "edge")
        .containsEntry("description", "")
        .containsEntry("admin_state_up", true)
        .containsEntry("status", "ACTIVE")
        .containsEntry("project_id", "fake_project_id")
        .containsEntry("tenant_id", "fake_project_id")
        .containsEntry("external_gateway_info", null)
        .containsEntry("flavor_id", null)
        .containsEntry("routes", List.of())
        .containsEntry("tags", List.of())
        .containsEntry("distributed", false)
        .containsEntry("ha", false)
        .containsEntry("revision_number", 1)
        .containsEntry("conntrack_helpers", List.of());
    get(ROUTERS + "/" + made.get("id")).statusCode(200).body("router", equalTo(made));
  }

  @Test
  void everyRouterShowsItsHelpersWithoutIds() {
    String name = RouterId.random().toString();
    String router = router(name);
    String other = router(name);
    created(router, FTP_21);
    created(router, TFTP_69);
    created(other, FTP_21);
    Map<String, Object> ftp = Map.of("protocol", "tcp", "port", 21, "helper", "ftp");
    Map<String, Object> tftp = Map.of("protocol", "udp", "port", 69, "helper", "tftp");

    get(ROUTERS + "/" + router)
        .body("router.conntrack_helpers", containsInAnyOrder(ftp, tftp))
        .body("router.revision_number", equalTo(3));
    put(ROUTERS + "/" + router, "{\"router\": {\"name\": \"%s\"}}".formatted(name))
        .body("router.conntrack_helpers", hasSize(2));
    get(ROUTERS + "?name=" + name)
        .body("routers.find { it.id == '%s' }.conntrack_helpers".formatted(router), hasSize(2))
        .body(
            "routers.find { it.id == '%s' }.conntrack_helpers".formatted(other),
            equalTo(List.of(ftp)));
  }

  @Test
  void administratorMayGiveTheIdOnce() {
    String id = router();

    isError(
        post(ROUTERS, "{\"router\": {\"id\": \"%s\"}}".formatted(id)),
        409,
        "RouterExists",
        "Router " + id + " already exists.");
  }

  @Test
  void emptyFormsOfWhatIsNotHereAreTaken() {
    String id =
        post(
                ROUTERS,
                """
                {"router": {"name": "t", "admin_state_up": false, "external_gateway_info": {},
                 "availability_zone_hints": [], "flavor_id": null}}\
                """)
            .statusCode(201)
            .body("router.admin_state_up", equalTo(false))
            .extract()
            .path("router.id");

    put(
            ROUTERS + "/" + id,
            """
            {"router": {"name": "u", "admin_state_up": "True", "external_gateway_info": null,
             "routes": null}}\
            """)
        .statusCode(200)
        .body("router.name", equalTo("u"))
        .body("router.admin_state_up", equalTo(true))
        .body("router.routes", equalTo(List.of()))
        .body("router.external_gateway_info", equalTo(null))
        .body("router.revision_number", equalTo(2));
    put(ROUTERS + "/" + id, "{\"router\": {}}").body("router.revision_number", equalTo(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"name\": null|Invalid input for name. Reason: 'None' is not a valid string.",
        "\"name\": 7|Invalid input for name. Reason: '7' is not a valid string.",
        "\"name\": \"a\\u0000\"|Invalid input for name. Reason: 'a ' is not a valid string.",
        "\"id\": \"x\"|Invalid input for id. Reason: 'x' is not a valid UUID.",
        "\"project_id\": \"\"|Invalid input for project_id. Reason: '' Blank strings are not"
            + " permitted.",
        "\"project_id\": \"a\", \"tenant_id\": \"b\"|'project_id' and 'tenant_id' do not match",
        "\"conntrack_helpers\": []|Attribute 'conntrack_helpers' not allowed in POST",
        "\"status\": \"DOWN\"|Attribute 'status' not allowed in POST",
        "\"revision_number\": 1|Attribute 'revision_number' not allowed in POST",
        "\"bogus\": 1|Unrecognized attribute(s) 'bogus'",
        "\"routes\": [{}]|Invalid input for routes. Reason: this service has no such thing, only an"
            + " empty value is taken.",
      })
  void refusedCreate(String attributes, String message) {
    isError(post(ROUTERS, "{\"router\": {" + attributes + "}}"), 400, "HTTPBadRequest", message);
  }

  @Test
  void refusedKinds() {
    isError(
        post(ROUTERS, "{\"router\": {\"admin_state_up\": \"maybe\"}}"),
        400,
        "InvalidInput",
        "Invalid input for operation: 'maybe' cannot be converted to boolean.");
    isError(
        post(ROUTERS, "{\"router\": {\"name\": \"%s\"}}".formatted("x".repeat(256))),
        400,
        "HTTPBadRequest",
        "Invalid input for name. Reason: '%s…' exceeds maximum length of 255."
            .formatted("x".repeat(128)));
    isError(
        put(ROUTERS + "/" + router(), "{\"routers\": [{}]}"),
        400,
        "HTTPBadRequest",
        "Bulk operation not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "project_id", "tenant_id", "conntrack_helpers", "created_at"})
  void readOnlyAttributesAreRefusedInUpdates(String attribute) {
    String expected = attribute.equals("tenant_id") ? "project_id" : attribute;
    isError(
        put(ROUTERS + "/" + router(), "{\"router\": {\"%s\": \"x\"}}".formatted(attribute)),
        400,
        "HTTPBadRequest",
        "Cannot update read-only attribute " + expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nosuch", "00000000-0000-0000-0000-000000000000", "a%20name", "%00", "%ff"})
  void whatIsNoIdIsNotFound(String id) {
    get(ROUTERS + "/" + id).statusCode(404);
    String unknown = RouterId.random().toString();
    String message = "Router " + unknown + " could not be found";
    isError(get(ROUTERS + "/" + unknown), 404, "RouterNotFound", message);
    isError(
        put(ROUTERS + "/" + unknown, "{\"router\": {\"name\": \"x\"}}"),
        404,
        "RouterNotFound",
        message);
    isError(delete(ROUTERS + "/" + unknown), 404, "RouterNotFound", message);
  }

  @Test
  void filtersAreOrWithinAndAndBetweenKeys() {
    String name = RouterId.random().toString();
    String project = RouterId.random().toString();
    String one = router(name);
    String two = router(name);
    String three =
        post(
                ROUTERS,
                "{\"router\": {\"name\": \"%s\", \"tenant_id\": \"%s\"}}".formatted(name, project))
            .extract()
            .path("router.id");

    String byName = ROUTERS + "?name=" + name;
    get(byName).body("routers.id", containsInAnyOrder(one, two, three));
    get(byName + "&name=other&id=" + one + "&id=" + three)
        .body("routers.id", containsInAnyOrder(one, three));
    get(byName + "&project_id=" + project).body("routers.id", containsInAnyOrder(three));
    get(byName + "&tenant_id=" + project).body("routers.id", containsInAnyOrder(three));
    get(byName + "&tenant_id=fake_project_id&project_id=" + project).body("routers", empty());
    get(byName + "&admin_state_up=false").body("routers", empty());
    get(byName + "&admin_state_up=1&status=ACTIVE").body("routers", hasSize(3));
    get(byName + "&id=nosuch").body("routers", empty());
    get(ROUTERS + "?name=").body("routers.findAll { it.name != '' }", empty());
    get(ROUTERS + "?name=%00").body("routers", empty());
    get(byName + "&fields=id&id=" + one).body("routers", equalTo(List.of(Map.of("id", one))));
    isError(
        get(ROUTERS + "?conntrack_helpers=x"),
        400,
        "HTTPBadRequest",
        "['conntrack_helpers'] is invalid attribute for filtering");
  }

  @Test
  void deletedRouterTakesItsHelpersAlong() {
    String router = router();
    String helper = helpersOf(router) + "/" + created(router, FTP_21);

    delete(ROUTERS + "/" + router).statusCode(204).body(equalTo(""));

    get(ROUTERS + "/" + router).statusCode(404);
    delete(ROUTERS + "/" + router).statusCode(404);
    get(ROUTERS + "?id=" + router).body("routers", empty());
    get(helper).statusCode(404);
    get(helpersOf(router)).statusCode(200).body("conntrack_helpers", empty());
    post(helpersOf(router), FTP_21).statusCode(404);
  }
}
