package cthelper.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.matchesPattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.model.RouterId;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client as the tests need one: bodies as text, exactly as they go over the wire. */
final class Wire {

  static final String FTP_21 = helper("ftp", "tcp", "21");
  static final String TFTP_69 = helper("tftp", "udp", "69");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REQUEST_ID = "req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private Wire() {}

  /** A new router; its id. */
  static String router() {
    return router("");
  }

  static String router(String name) {
    String id = RouterId.random().toString();
    post("/v2.0/routers", "{\"router\": {\"id\": \"%s\", \"name\": \"%s\"}}".formatted(id, name))
        .statusCode(201);
    return id;
  }

  static String helpersOf(String router) {
    return "/v2.0/routers/" + router + "/conntrack_helpers";
  }

  /** A create body; the port is JSON. */
  static String helper(String helper, String protocol, String port) {
    return """
    {"conntrack_helper": {"helper": "%s", "protocol": "%s", "port": %s}}\
    """
        .formatted(helper, protocol, port);
  }

  /** A new conntrack helper; its id. */
  static String created(String router, String body) {
    return json(post(helpersOf(router), body).statusCode(201)).at("/conntrack_helper/id").asText();
  }

  static ValidatableResponse get(String path) {
    return request().get(path).then().header("X-Openstack-Request-Id", matchesPattern(REQUEST_ID));
  }

  static ValidatableResponse post(String path, String body) {
    return request()
        .body(body)
        .post(path)
        .then()
        .header("X-Openstack-Request-Id", matchesPattern(REQUEST_ID));
  }

  static ValidatableResponse put(String path, String body) {
    return request()
        .body(body)
        .put(path)
        .then()
        .header("X-Openstack-Request-Id", matchesPattern(REQUEST_ID));
  }

  static ValidatableResponse delete(String path) {
    return request()
        .delete(path)
        .then()
        .header("X-Openstack-Request-Id", matchesPattern(REQUEST_ID));
  }

  /** What a client library would refuse to send; the request closes its connection. */
  static String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Asserts a whole NeutronError. */
  static void isError(ValidatableResponse answer, int status, String type, String message) {
    JsonNode body = json(answer.statusCode(status).contentType("application/json"));
    assertThat(body.at("/NeutronError/message").asText()).isEqualTo(message);
    assertThat(body)
        .isEqualTo(
            JSON.createObjectNode()
                .set(
                    "NeutronError",
                    JSON.createObjectNode()
                        .put("type", type)
                        .put("message", message)
                        .put("detail", "")));
  }

  /** The body of an answer; many times faster than REST Assured's paths, which are programs. */
  static JsonNode json(ValidatableResponse answer) {
    try {
      return JSON.readTree(answer.extract().asByteArray());
    } catch (IOException e) {
      throw new AssertionError("the answer is no JSON", e);
    }
  }

  static RequestSpecification request() {
    return given().urlEncodingEnabled(false).contentType("text/plain; charset=UTF-8");
  }
}
