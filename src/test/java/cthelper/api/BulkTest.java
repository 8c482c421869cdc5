package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.router;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import cthelper.testing.AtOnce;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several at once: all or none. */
@QuarkusTest
class BulkTest {

  private static final String FTP = "{\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": 21}";
  private static final String TFTP = "{\"helper\": \"tftp\", \"protocol\": \"udp\", \"port\": 69}";

  private static final String OVER_QUOTA =
      "Quota exceeded for resources: ['conntrack_helper']. A router has at most 256.";

  private String router = "";
  private String url = "";

  @BeforeEach
  void makeRouter() {
    router = router();
    url = helpersOf(router);
  }

  private static String helpers(String... items) {
    return "{\"conntrack_helpers\": [" + String.join(", ", items) + "]}";
  }

  @Test
  void theLastOnesThatFitDoAndOneMoreDoesNot() {
    post(url, ports(1, 250)).statusCode(201);

    isError(post(url, ports(251, 257)), 409, "OverQuota", OVER_QUOTA);
    post(url, ports(251, 256)).statusCode(201);
    isError(post(url, ports(300, 300)), 409, "OverQuota", OVER_QUOTA);
    post(url, ports(256, 256)).statusCode(400); // what is there is told first
  }

  /** Each of them sees what those before it have made. */
  @Test
  void manyAtOnceDoNotExceedIt() throws Exception {
    post(url, ports(1, 250)).statusCode(201);

    List<Integer> statuses =
        AtOnce.run(
            12, client -> post(url, ports(300 + client, 300 + client)).extract().statusCode());

    assertThat(statuses).containsOnly(201, 409).filteredOn(status -> status == 201).hasSize(6);
    get(url).body("conntrack_helpers", hasSize(256));
  }

  private static String ports(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj("{\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}"::formatted)
        .collect(joining(", ", "{\"conntrack_helpers\": [", "]}"));
  }

  @Test
  void bareAndWrappedItemsAreCreatedInTheirOrder() {
    post(url, helpers(TFTP, "{\"conntrack_helper\": " + FTP + "}"))
        .statusCode(201)
        .body("conntrack_helpers.helper", contains("tftp", "ftp"))
        .body("conntrack_helpers[0].size()", equalTo(9))
        .body("conntrack_helpers[0].revision_number", equalTo(1));

    get(url).body("conntrack_helpers", hasSize(2));
    get("/v2.0/routers/" + router).body("router.revision_number", equalTo(2));
  }

  @Test
  void oneThatIsTakenLeavesNone() {
    String first = created(router, helper("ftp", "tcp", "21"));

    isError(
        post(url, helpers(TFTP, FTP)),
        400,
        "BadRequest",
        ("Bad conntrack_helper request: A duplicate conntrack helper entry with same attributes"
                + " already exists, conflicting values are {'router_id': '%s', 'protocol': 'tcp',"
                + " 'port': 21, 'helper': 'ftp'}.")
            .formatted(router));
    post(url, helpers(TFTP, TFTP)).statusCode(400).body("NeutronError.type", equalTo("BadRequest"));

    get(url).body("conntrack_helpers.id", contains(first));
    get("/v2.0/routers/" + router).body("router.revision_number", equalTo(2));
  }

  @Test
  void oneThatIsNotAllowedOrIncompleteLeavesNone() {
    isError(
        post(url, helpers(TFTP, FTP.replace("ftp", "gopher"))),
        400,
        "ConntrackHelperNotAllowed",
        "Conntrack Helper gopher is not allowed.");
    isError(
        post(url, helpers(TFTP, "{\"helper\": \"ftp\", \"protocol\": \"tcp\"}")),
        400,
        "HTTPBadRequest",
        "Failed to parse request. Required attribute 'port' not specified");
    get(url).body("conntrack_helpers", hasSize(0));
  }

  @Test
  void ofAMissingRouterNoneIsCreated() {
    String unknown = UUID.randomUUID().toString();
    isError(
        post(helpersOf(unknown), helpers(FTP)),
        404,
        "RouterNotFound",
        "Router " + unknown + " could not be found");
  }

  @Test
  void severalRoutersAreCreatedOrNone() {
    String name = "bulk-" + UUID.randomUUID();
    String body = "{\"routers\": [{\"name\": \"%1$s\"}, {\"router\": {\"name\": \"%1$s\"%2$s}}]}";

    post("/v2.0/routers", body.formatted(name, ", \"id\": \"" + router + "\"")).statusCode(409);
    get("/v2.0/routers?name=" + name).body("routers", hasSize(0));

    post("/v2.0/routers", body.formatted(name, ""))
        .statusCode(201)
        .body("routers.name", contains(name, name))
        .body("routers.revision_number", contains(1, 1));
    get("/v2.0/routers?name=" + name).body("routers", hasSize(2));
  }

  @Test
  void severalHaveNoETag() {
    post(url, helpers(FTP)).statusCode(201).header("ETag", equalTo(null));
    post(url, "{\"conntrack_helper\": " + TFTP + "}").header("ETag", not(equalTo(null)));
  }
}
