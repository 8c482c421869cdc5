package cthelper.api;

import static cthelper.api.Wire.FTP_21;
import static cthelper.api.Wire.TFTP_69;
import static cthelper.api.Wire.created;
import static cthelper.api.Wire.delete;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.put;
import static cthelper.api.Wire.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import cthelper.model.AddressFamily;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.store.DueWork;
import cthelper.store.PlacementStore;
import cthelper.store.ReportedNamespace;
import cthelper.testing.AtOnce;
import cthelper.testing.NodeSessions;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of conntrack helpers over HTTP. Always two routers. */
@QuarkusTest
class ConntrackHelpersTest {

  @Inject PlacementStore placements;

  private String router = "";
  private String otherRouter = "";

  @BeforeEach
  void twoRouters() {
    router = router();
    otherRouter = router();
  }

  @Test
  void everyUnknownFilterIsNamedInItsOrder() {
    isError(
        get(helpersOf(router()) + "?foo=2&port=1&bogus=1"),
        400,
        "HTTPBadRequest",
        "['foo', 'bogus'] is invalid attribute for filtering");
  }

  @Test
  void createdHelperHasExactlyTheContractsAttributes() {
    Map<String, Object> helper =
        post(helpersOf(router), TFTP_69)
            .statusCode(201)
            .header("Content-Type", "application/json")
            .body("size()", equalTo(1))
            .extract()
            .path("conntrack_helper");

    assertThat(helper.keySet())
        .containsExactly(
            "id",
            "protocol",
            "port",
            "helper",
            "status",
            "status_reason",
            "revision_number",
            "created_at",
            "updated_at");
    assertThat(helper)
        .containsEntry("protocol", "udp")
        .containsEntry("port", 69)
        .containsEntry("helper", "tftp")
        .containsEntry("status", "DOWN")
        .containsEntry("status_reason", "no node has a namespace of this router")
        .containsEntry("revision_number", 1)
        .containsEntry("updated_at", helper.get("created_at"));
    assertThat(helper.get("created_at"))
        .asString()
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    get(helpersOf(router) + "/" + helper.get("id"))
        .statusCode(200)
        .body("conntrack_helper", equalTo(helper));
  }

  @Test
  void updateChangesWhatItNames() {
    String id = created(router, FTP_21);
    String url = helpersOf(router) + "/" + id;

    put(url, "{\"conntrack_helper\": {\"port\": \"2121\"}}")
        .statusCode(200)
        .body("conntrack_helper.id", equalTo(id))
        .body("conntrack_helper.port", equalTo(2121))
        .body("conntrack_helper.helper", equalTo("ftp"))
        .body("conntrack_helper.revision_number", equalTo(2));
    put(url, "{\"conntrack_helper\": {\"helper\": \"tftp\", \"protocol\": \"udp\"}}")
        .statusCode(200)
        .body("conntrack_helper.helper", equalTo("tftp"))
        .body("conntrack_helper.protocol", equalTo("udp"))
        .body("conntrack_helper.port", equalTo(2121));
  }

  @Test
  void sameValuesCountAsUpdateAndNoValuesDoNot() {
    String url = helpersOf(router) + "/" + created(router, FTP_21);

    put(url, FTP_21).statusCode(200).body("conntrack_helper.revision_number", equalTo(2));
    put(url, "{\"conntrack_helper\": {}}")
        .statusCode(200)
        .body("conntrack_helper.revision_number", equalTo(2));

    get("/v2.0/routers/" + router).body("router.revision_number", equalTo(3));
  }

  @Test
  void deletedHelperIsGone() {
    String id = created(router, FTP_21);
    String url = helpersOf(router) + "/" + id;

    delete(url).statusCode(204).body(equalTo("")).contentType("");

    notFound(delete(url), id);
    notFound(get(url), id);
    notFound(put(url, FTP_21), id);
    get(helpersOf(router)).statusCode(200).body("conntrack_helpers", empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuch", "00000000-0000-0000-0000-000000000000", "1-1-1-1-1", "%00"})
  void unknownIdIsNotFound(String id) {
    String url = helpersOf(router) + "/" + id;
    for (ValidatableResponse answer : List.of(get(url), put(url, FTP_21), delete(url))) {
      answer.statusCode(404).body("NeutronError.type", equalTo("ConntrackHelperNotFound"));
    }
  }

  @Test
  void helperOfAnotherRouterIsNotFound() {
    String id = created(router, FTP_21);

    for (String other : List.of(otherRouter, RouterId.random().toString(), "nosuch")) {
      String url = helpersOf(other) + "/" + id;
      notFound(get(url), id);
      notFound(put(url, FTP_21), id);
      notFound(delete(url), id);
    }
    get(helpersOf(router)).body("conntrack_helpers.id", contains(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuch", "00000000-0000-0000-0000-000000000000"})
  void listOfUnknownRouterIsEmpty(String unknown) {
    get(helpersOf(unknown)).statusCode(200).body("conntrack_helpers", empty());
  }

  @Test
  void listIsOrderedById() {
    List<String> ids =
        List.of(
            created(router, FTP_21),
            created(router, TFTP_69),
            created(router, helper("sip", "udp", "5060")),
            created(router, helper("sip", "tcp", "5060")));

    List<String> listed = get(helpersOf(router)).extract().path("conntrack_helpers.id");

    assertThat(listed).isSorted().containsExactlyInAnyOrderElementsOf(ids);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "port=69 1",
        "port=0069 1",
        "port=69&port=21 2",
        "port=69&port=22 1",
        "port=69&protocol=tcp 0",
        "protocol=tcp&protocol=udp 3",
        "protocol=udp&helper=sip 1",
        "helper=ftp 1",
        "helper=FTP 0",
        "helper= 0",
        "helper=%00 0",
        "port=70000 0",
        "port=0 0",
        "protocol=TCP 0",
        "protocol=6 0",
        "protocol=sctp 0",
        "id=nosuch 0",
        "id=nosuch&port=21 0",
        "status=DOWN 3",
        "status=ACTIVE&status=DOWN 3",
        "status=down 0",
        "revision_number=1 3",
        "revision_number=2 0",
        "revision_number=1&revision_number=2&port=21 1",
      })
  void filter(String query, int found) {
    created(router, FTP_21);
    created(router, TFTP_69);
    created(router, helper("sip", "udp", "5060"));
    created(otherRouter, FTP_21);

    get(helpersOf(router) + "?" + query).statusCode(200).body("conntrack_helpers", hasSize(found));
  }

  @Test
  void filterById() {
    String ftp = created(router, FTP_21);
    String tftp = created(router, TFTP_69);
    created(router, helper("sip", "udp", "5060"));

    get(helpersOf(router) + "?id=" + ftp).body("conntrack_helpers.id", contains(ftp));
    get(helpersOf(router) + "?id=%s&id=%s".formatted(ftp, tftp))
        .body("conntrack_helpers", hasSize(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "port=abc|InvalidInput|Invalid input for operation: 'abc' is not an integer.",
        "port=|InvalidInput|Invalid input for operation: '' is not an integer.",
        "port=21&port=x|InvalidInput|Invalid input for operation: 'x' is not an integer.",
        "revision_number=x|InvalidInput|Invalid input for operation: 'x' is not an integer.",
        "bogus=1|HTTPBadRequest|['bogus'] is invalid attribute for filtering",
        "router_id=x|HTTPBadRequest|['router_id'] is invalid attribute for filtering",
        "project_id=x|HTTPBadRequest|['project_id'] is invalid attribute for filtering",
        "tenant_id=x|HTTPBadRequest|['tenant_id'] is invalid attribute for filtering",
        "name=x|HTTPBadRequest|['name'] is invalid attribute for filtering",
        "status_reason=|HTTPBadRequest|['status_reason'] is invalid attribute for filtering",
        "created_at=x|HTTPBadRequest|['created_at'] is invalid attribute for filtering",
        "limit=-1|BadRequest|Bad limit request: Limit must be an integer 0 or greater and not '-1'.",
        "limit=|BadRequest|Bad limit request: Limit must be an integer 0 or greater and not ''.",
        "limit=1.5|BadRequest|Bad limit request: Limit must be an integer 0 or greater and not '1.5'.",
        "sort_key=id|HTTPBadRequest|The number of sort_keys and sort_dirs must be same",
        "sort_dir=asc|HTTPBadRequest|The number of sort_keys and sort_dirs must be same",
        "sort_key=x&sort_dir=asc|HTTPBadRequest|['x'] is invalid attribute for sort_keys",
        "sort_key=project_id&sort_dir=asc|HTTPBadRequest|['project_id'] is invalid attribute for"
            + " sort_keys",
        "sort_key=id&sort_dir=up|HTTPBadRequest|['up'] is invalid value for sort_dirs, valid value"
            + " is 'asc' and 'desc'",
      })
  void refusedFilter(String query, String type, String message) {
    isError(get(helpersOf(router) + "?" + query), 400, type, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"protocol=nosuch", "protocol="})
  void protocolFilterThatIsNoProtocol(String query) {
    get(helpersOf(router) + "?" + query)
        .statusCode(400)
        .body("NeutronError.type", equalTo("InvalidInput"));
  }

  @Test
  void fieldsKeepsOnlyThese() {
    String url = helpersOf(router) + "/" + created(router, FTP_21);

    get(url + "?fields=port&fields=helper")
        .body("conntrack_helper", equalTo(Map.of("port", 21, "helper", "ftp")));
    get(url + "?fields=nosuch").body("conntrack_helper", equalTo(Map.of()));
    get(url + "?fields=").body("conntrack_helper.port", equalTo(21));
    get(helpersOf(router) + "?fields=port")
        .body("conntrack_helpers", equalTo(List.of(Map.of("port", 21))));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void ofEqualCreatesAtOnceExactlyOneSucceeds(int clients) throws Exception {
    List<Integer> codes =
        AtOnce.run(clients, client -> post(helpersOf(router), FTP_21).extract().statusCode());

    assertThat(Collections.frequency(codes, 201)).isEqualTo(1);
    assertThat(Collections.frequency(codes, 400)).isEqualTo(clients - 1);
    get(helpersOf(router)).body("conntrack_helpers", hasSize(1));
    get("/v2.0/routers/" + router).body("router.revision_number", equalTo(2));
  }

  /** Two nodes have the router: one proves ftp and refuses tftp, the other goes away. */
  @Test
  void statusIsWhatNodesProve() {
    String ftp = helpersOf(router) + "/" + created(router, FTP_21);
    String tftp = helpersOf(router) + "/" + created(router, TFTP_69);
    NodeId node = connect("one");
    NodeId away = connect("two");

    statusOf(ftp, "BUILD", "being applied in 2 of 2 namespaces");

    placements.disconnected(away);
    DueWork work = placements.due(List.of(node), 10).getFirst();
    List<Verdict> verdicts =
        work.desired().helpers().stream()
            .map(helper ->
                helper.spec().port() == 21
                    ? Verdict.proven(helper, EnumSet.of(AddressFamily.IPV4))
                    : Verdict.refused(
                        helper, Reason.HELPER_NOT_IN_KERNEL, "load nf_conntrack_tftp"))
            .toList();
    NodeSessions.record(
        placements,
        work.placement(),
        new ObservedState.Held(work.desired().fence(), verdicts, true),
        Duration.ofMinutes(10));

    statusOf(
        ftp,
        "ACTIVE",
        "IPv4 only: the kernel has no ftp helper for IPv6; 1 namespace is unreachable: the node is"
            + " away");
    statusOf(
        tftp,
        "ERROR",
        "helper-not-in-kernel in namespace qrouter-%s on node one: load nf_conntrack_tftp"
            .formatted(router));
    get(helpersOf(router) + "?status=ERROR").body("conntrack_helpers", hasSize(1));
    get("/v2.0/routers/" + router).body("router.status", equalTo("ACTIVE"));
  }

  private NodeId connect(String name) {
    NodeId node = new NodeId(UUID.randomUUID());
    RouterId id = RouterId.parse(router).orElseThrow();
    NodeSessions.connected(
        placements,
        new NodeIdentity(node, name, "6.18.44", Map.of()),
        Duration.ofMinutes(1),
        List.of(new ReportedNamespace("qrouter-" + router, id, true, 1)));
    return node;
  }

  private static void statusOf(String url, String status, String reason) {
    get(url)
        .body("conntrack_helper.status", equalTo(status))
        .body("conntrack_helper.status_reason", equalTo(reason));
  }

  private static void notFound(ValidatableResponse answer, String id) {
    isError(
        answer, 404, "ConntrackHelperNotFound", "Conntrack Helper " + id + " could not be found.");
  }
}
