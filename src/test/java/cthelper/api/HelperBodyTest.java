package cthelper.api;

import static cthelper.api.Wire.FTP_21;
import static cthelper.api.Wire.TFTP_69;
import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.put;
import static cthelper.api.Wire.router;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import cthelper.model.RouterId;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of conntrack helpers: a row for each line of contract sections 1.1, 1.2 and 3. */
@QuarkusTest
class HelperBodyTest {

  private static final String HTTP = "HTTPBadRequest";
  private static final String INPUT = "InvalidInput";

  private static final String NOT_JSON = "Malformed request body: Cannot understand JSON.";
  private static final String NO_BODY = "Resource body required";
  private static final String MISSING = "Unable to find 'conntrack_helper' in request body";
  private static final String NOT_OBJECT = "Object 'conntrack_helper' contains invalid data";

  static Stream<Arguments> refusedEnvelopes() {
    return Stream.of(
        arguments("", HTTP, NO_BODY),
        arguments("{}", HTTP, NO_BODY),
        arguments("[]", HTTP, NO_BODY),
        arguments("null", HTTP, NO_BODY),
        arguments("7", HTTP, "Body contains invalid data"),
        arguments("[1]", HTTP, "Body contains invalid data"),
        arguments("{\"router\": {}}", HTTP, MISSING),
        arguments("{\"conntrack_helper\": null}", HTTP, MISSING),
        arguments("{\"conntrack_helper\": []}", HTTP, NOT_OBJECT),
        arguments("{\"conntrack_helper\": \"ftp\"}", HTTP, NOT_OBJECT),
        arguments("{\"conntrack_helpers\": []}", HTTP, "Resources required"),
        arguments("{\"conntrack_helpers\": {}}", HTTP, "Resources required"),
        arguments("{\"conntrack_helpers\": null}", HTTP, "Resources required"),
        arguments("{\"conntrack_helpers\": [{}]}", HTTP, missing("protocol")),
        arguments("{\"conntrack_helpers\": [7]}", HTTP, NOT_OBJECT),
        arguments("{\"conntrack_helpers\": [null]}", HTTP, MISSING),
        arguments("{\"conntrack_helpers\": [[]]}", HTTP, NOT_OBJECT),
        arguments(" ", "MalformedRequestBody", NOT_JSON),
        arguments("{", "MalformedRequestBody", NOT_JSON),
        arguments("{'a': 1}", "MalformedRequestBody", NOT_JSON),
        arguments(FTP_21 + "}", "MalformedRequestBody", NOT_JSON),
        arguments(FTP_21 + " null", "MalformedRequestBody", NOT_JSON),
        arguments("\ufeff" + FTP_21, "MalformedRequestBody", NOT_JSON),
        arguments(
            "{\"conntrack_helper\": {}, \"conntrack_helper\": {}}",
            "MalformedRequestBody",
            NOT_JSON),
        arguments(helper("ftp", "tcp", "NaN"), "MalformedRequestBody", NOT_JSON),
        arguments(helper("ftp", "tcp", "021"), "MalformedRequestBody", NOT_JSON),
        arguments(helper("ftp", "tcp", "1".repeat(2000)), "MalformedRequestBody", NOT_JSON),
        arguments(
            "{\"conntrack_helper\": " + "[".repeat(1000) + "]".repeat(1000) + "}",
            "MalformedRequestBody",
            NOT_JSON));
  }

  @ParameterizedTest
  @MethodSource("refusedEnvelopes")
  void refusedEnvelope(String body, String type, String message) {
    String router = router();

    isError(post(helpersOf(router), body), 400, type, message);

    get(helpersOf(router)).body("conntrack_helpers", empty());
  }

  static Stream<Arguments> refusedAttributes() {
    return Stream.of(
        // Presence, in the order id, protocol, port, helper.
        arguments("{}", HTTP, missing("protocol")),
        arguments("{\"protocol\": \"tcp\"}", HTTP, missing("port")),
        arguments("{\"protocol\": \"tcp\", \"port\": 21}", HTTP, missing("helper")),
        arguments("{\"port\": \"x\", \"helper\": \"x\"}", HTTP, missing("protocol")),
        arguments("{\"bogus\": 1, \"id\": 2}", HTTP, "Unrecognized attribute(s) 'bogus'"),
        arguments(with("\"router_id\": \"x\""), HTTP, "Unrecognized attribute(s) 'router_id'"),
        arguments(with("\"name\": \"x\""), HTTP, "Unrecognized attribute(s) 'name'"),
        arguments(with("\"\": 1"), HTTP, "Unrecognized attribute(s) ''"),
        arguments("{\"id\": \"x\"}", HTTP, notInPost("id")),
        arguments(with("\"status\": \"ACTIVE\""), HTTP, notInPost("status")),
        arguments(with("\"status_reason\": \"\""), HTTP, notInPost("status_reason")),
        arguments(with("\"revision_number\": 1"), HTTP, notInPost("revision_number")),
        arguments(with("\"created_at\": \"x\""), HTTP, notInPost("created_at")),
        arguments(with("\"updated_at\": \"x\""), HTTP, notInPost("updated_at")),
        // Project ids come before everything else.
        arguments(
            "{\"project_id\": \"a\", \"tenant_id\": \"b\", \"bogus\": 1}",
            HTTP,
            "'project_id' and 'tenant_id' do not match"),
        arguments(
            with("\"project_id\": null"),
            HTTP,
            "Invalid input for project_id. Reason: 'None' is not a valid string."),
        // Port.
        arguments(port("0"), HTTP, tooSmall("0")),
        arguments(port("-1"), HTTP, tooSmall("-1")),
        arguments(port("65536"), HTTP, tooLarge("65536")),
        arguments(port("\"65536\""), HTTP, tooLarge("65536")),
        arguments(port("9".repeat(30)), HTTP, tooLarge("9".repeat(30))),
        arguments(port("\"abc\""), INPUT, notInteger("abc")),
        arguments(port("\"\""), INPUT, notInteger("")),
        arguments(port("\"21.5\""), INPUT, notInteger("21.5")),
        arguments(port("22.9"), INPUT, notInteger("22.9")),
        arguments(port("2e1"), INPUT, notInteger("20.0")),
        arguments(port("true"), INPUT, notInteger("true")),
        arguments(port("null"), INPUT, notInteger("None")),
        arguments(port("[]"), INPUT, notInteger("[]")),
        arguments(port("{}"), INPUT, notInteger("{}")),
        arguments(port("\"٢١\""), INPUT, notInteger("٢١")),
        // Protocol.
        arguments(protocol("\"UDP\""), HTTP, notInValues("UDP")),
        arguments(protocol("\"17\""), HTTP, notInValues("17")),
        arguments(protocol("null"), HTTP, notInValues("None")),
        arguments(protocol("17"), INPUT, mustBeString("17")),
        arguments(protocol("[]"), INPUT, mustBeString("[]")),
        arguments(protocol("\"256\""), INPUT, unknownProtocol("256")),
        arguments(protocol("\"nosuch\""), INPUT, unknownProtocol("nosuch")),
        arguments(protocol("\"icmpv6\""), INPUT, unknownProtocol("icmpv6")),
        arguments(protocol("\"any\""), INPUT, unknownProtocol("any")),
        arguments(protocol("\"\""), INPUT, unknownProtocol("")),
        arguments(protocol("\"tcp\\u0000\""), INPUT, unknownProtocol("tcp ")),
        // Helper.
        arguments(
            named("null"), HTTP, "Invalid input for helper. Reason: 'None' is not a valid string."),
        arguments(
            named("[]"), HTTP, "Invalid input for helper. Reason: '[]' is not a valid string."),
        arguments(
            named("\"f\\u0000\""),
            HTTP,
            "Invalid input for helper. Reason: 'f ' is not a valid string."),
        arguments(
            named("\"\\ud800\""),
            HTTP,
            "Invalid input for helper. Reason: ' ' is not a valid string."),
        arguments(
            named("\"" + "x".repeat(65) + "\""),
            HTTP,
            "Invalid input for helper. Reason: '%s' exceeds maximum length of 64."
                .formatted("x".repeat(65))),
        arguments(named("\"" + "x".repeat(64) + "\""), NOT_ALLOWED, notAllowed("x".repeat(64))),
        arguments(named("7"), NOT_ALLOWED, notAllowed("7")),
        arguments(named("\"\""), NOT_ALLOWED, notAllowed("")),
        arguments(named("\"FTP\""), NOT_ALLOWED, notAllowed("FTP")),
        arguments(named("\" ftp\""), NOT_ALLOWED, notAllowed(" ftp")),
        arguments(named("\"netbios_ns\""), NOT_ALLOWED, notAllowed("netbios_ns")),
        // Values are converted in the order protocol, port, helper.
        arguments(
            "{\"helper\": null, \"port\": 0, \"protocol\": \"TCP\"}", HTTP, notInValues("TCP")),
        arguments("{\"helper\": null, \"port\": 0, \"protocol\": \"tcp\"}", HTTP, tooSmall("0")));
  }

  private static final String NOT_ALLOWED = "ConntrackHelperNotAllowed";

  @ParameterizedTest
  @MethodSource("refusedAttributes")
  void refusedAttribute(String attributes, String type, String message) {
    String router = router();

    isError(
        post(helpersOf(router), "{\"conntrack_helper\": " + attributes + "}"), 400, type, message);

    get(helpersOf(router)).body("conntrack_helpers", empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tftp; tcp; Conntrack Helper tftp does not support: tcp. Supported protocols are: udp",
        "ftp; udp; Conntrack Helper ftp does not support: udp. Supported protocols are: tcp",
        "h323; dccp; Conntrack Helper h323 does not support: dccp. Supported protocols are: tcp, udp",
        "amanda; tcp; Conntrack Helper amanda does not support: tcp. Supported protocols are: udp",
      })
  void helperWithWrongProtocol(String helper, String protocol, String message) {
    isError(
        post(helpersOf(router()), helper(helper, protocol, "2121")),
        400,
        "InvalidProtocolForHelper",
        message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amanda:udp", "ftp:tcp", "h323:udp", "h323:tcp", "irc:tcp", "netbios-ns:udp",
        "pptp:tcp", "sane:tcp", "sip:udp", "sip:tcp", "snmp:udp", "tftp:udp"
      })
  void allowedPairGoesWithAnyPort(String pair) {
    String[] parts = pair.split(":", 2);
    post(helpersOf(router()), helper(parts[0], parts[1], "\"00065535\""))
        .statusCode(201)
        .body("conntrack_helper.helper", equalTo(parts[0]))
        .body("conntrack_helper.protocol", equalTo(parts[1]))
        .body("conntrack_helper.port", equalTo(65535));
  }

  @Test
  void allowListIsAskedBeforeTheRouter() {
    String unknown = RouterId.random().toString();

    isError(
        post(helpersOf(unknown), helper("foo", "tcp", "21")),
        400,
        NOT_ALLOWED,
        "Conntrack Helper foo is not allowed.");
    isError(
        post(helpersOf(unknown), FTP_21),
        404,
        "RouterNotFound",
        "Router " + unknown + " could not be found");
    isError(
        post(helpersOf("no-uuid"), FTP_21),
        404,
        "RouterNotFound",
        "Router no-uuid could not be found");
  }

  @Test
  void portWithHelperIsRefusedNamingIt() {
    String router = router();
    created(router, FTP_21);

    for (String second : new String[] {FTP_21, helper("sip", "tcp", "21")}) {
      isError(
          post(helpersOf(router), second), 400, "BadRequest", duplicate(router, "tcp", 21, "ftp"));
    }
    post(helpersOf(router), helper("sip", "udp", "21")).statusCode(201);
    post(helpersOf(router()), FTP_21).statusCode(201);
  }

  @Test
  void projectAndExtraKeysBesideTheEnvelopeAreTaken() {
    String body =
        """
        {"more": [], "conntrack_helper": {"helper": "ftp", "protocol": "tcp", "port": 21,
         "project_id": "a", "tenant_id": "a"}}\
        """;
    post(helpersOf(router()), body).statusCode(201);
  }

  @Test
  void bodyInAnotherEncodingIsNotJson() {
    byte[] latin1 =
        "{\"conntrack_helper\": {\"helper\": \"é\"}}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] utf16 = FTP_21.getBytes(StandardCharsets.UTF_16);
    for (byte[] body : new byte[][] {latin1, utf16}) {
      isError(
          Wire.request()
              .contentType("application/octet-stream")
              .body(body)
              .post(helpersOf(router()))
              .then(),
          400,
          "MalformedRequestBody",
          NOT_JSON);
    }
  }

  static Stream<Arguments> refusedUpdates() {
    return Stream.of(
        arguments("", "BadRequest", "Bad body request: Invalid format: the request has no body."),
        arguments("{}", HTTP, NO_BODY),
        arguments("x", "MalformedRequestBody", NOT_JSON),
        arguments("{\"router\": {}}", HTTP, MISSING),
        arguments("{\"conntrack_helpers\": [{}]}", HTTP, "Bulk operation not supported"),
        arguments(update("\"id\": \"x\""), HTTP, "Cannot update read-only attribute id"),
        arguments(update("\"tenant_id\": \"x\""), HTTP, readOnly("project_id")),
        arguments(update("\"project_id\": \"x\""), HTTP, readOnly("project_id")),
        arguments(update("\"status\": \"x\""), HTTP, readOnly("status")),
        arguments(update("\"revision_number\": 7"), HTTP, readOnly("revision_number")),
        arguments(update("\"bogus\": 7"), HTTP, "Unrecognized attribute(s) 'bogus'"),
        arguments(update("\"port\": 0"), HTTP, tooSmall("0")),
        arguments(update("\"port\": null"), INPUT, notInteger("None")),
        arguments(update("\"protocol\": \"TCP\""), HTTP, notInValues("TCP")),
        arguments(update("\"helper\": \"foo\""), NOT_ALLOWED, notAllowed("foo")),
        arguments(
            update("\"helper\": \"tftp\""),
            "InvalidProtocolForHelper",
            "Conntrack Helper tftp does not support: tcp. Supported protocols are: udp"),
        arguments(
            update("\"protocol\": \"udp\""),
            "InvalidProtocolForHelper",
            "Conntrack Helper ftp does not support: udp. Supported protocols are: tcp"));
  }

  @ParameterizedTest
  @MethodSource("refusedUpdates")
  void refusedUpdate(String body, String type, String message) {
    String router = router();
    String ftp = helpersOf(router) + "/" + created(router, FTP_21);
    String before = get(ftp).extract().asString();

    isError(put(ftp, body), 400, type, message);

    get(ftp).body(equalTo(before));
  }

  @Test
  void bodyIsCheckedBeforeTheHelperIsLookedUpAndThatBeforeTheAllowList() {
    String unknown = helpersOf(router()) + "/nosuch";

    isError(put(unknown, update("\"port\": 0")), 400, HTTP, tooSmall("0"));
    isError(
        put(unknown, update("\"helper\": \"foo\"")),
        404,
        "ConntrackHelperNotFound",
        "Conntrack Helper nosuch could not be found.");
  }

  @Test
  void updateOntoTakenPortIsRefused() {
    String router = router();
    created(router, FTP_21);
    String tftp = created(router, TFTP_69);

    isError(
        put(
            helpersOf(router) + "/" + tftp,
            update("\"helper\": \"sip\", \"protocol\": \"tcp\", \"port\": 21")),
        400,
        "BadRequest",
        duplicate(router, "tcp", 21, "ftp"));
  }

  private static String with(String attribute) {
    return "{\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": 21, " + attribute + "}";
  }

  private static String port(String json) {
    return "{\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": " + json + "}";
  }

  private static String protocol(String json) {
    return "{\"helper\": \"ftp\", \"protocol\": " + json + ", \"port\": 21}";
  }

  private static String named(String json) {
    return "{\"helper\": " + json + ", \"protocol\": \"tcp\", \"port\": 21}";
  }

  private static String update(String attributes) {
    return "{\"conntrack_helper\": {" + attributes + "}}";
  }

  private static String missing(String attribute) {
    return "Failed to parse request. Required attribute '" + attribute + "' not specified";
  }

  private static String notInPost(String attribute) {
    return "Attribute '" + attribute + "' not allowed in POST";
  }

  private static String readOnly(String attribute) {
    return "Cannot update read-only attribute " + attribute;
  }

  private static String tooSmall(String port) {
    return "Invalid input for port. Reason: '" + port + "' is too small - must be at least '1'.";
  }

  private static String tooLarge(String port) {
    return "Invalid input for port. Reason: '"
        + port
        + "' is too large - must be no larger than '65535'.";
  }

  private static String notInteger(String value) {
    return "Invalid input for operation: '" + value + "' is not an integer.";
  }

  private static String notInValues(String value) {
    return "Invalid input for protocol. Reason: " + value + " is not in valid_values.";
  }

  private static String mustBeString(String value) {
    return "Invalid input for operation: Input value " + value + " must be string type.";
  }

  private static String unknownProtocol(String value) {
    return "Invalid input for operation: IP protocol '"
        + value
        + "' is not supported. Only protocol names and their integer representation (0 to 255)"
        + " are supported.";
  }

  private static String notAllowed(String helper) {
    return "Conntrack Helper " + helper + " is not allowed.";
  }

  private static String duplicate(String router, String protocol, int port, String helper) {
    return "Bad conntrack_helper request: A duplicate conntrack helper entry with same attributes"
        + " already exists, conflicting values are {'router_id': '%s', 'protocol': '%s', 'port': %d,"
            .formatted(router, protocol, port)
        + " 'helper': '%s'}.".formatted(helper);
  }
}
