package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.testing.CapturedLog;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.runtime.QuarkusErrorHandler;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that breaks off is no failure of ours: nothing is stored, and nobody is alarmed. */
@QuarkusTest
class BrokenBodyTest {

  private static final String BEGIN = "POST /v2.0/routers HTTP/1.1\r\nHost: here\r\n";

  /** Java's own offers HTTP/2 beside the body, which is not taken up. */
  @ParameterizedTest
  @EnumSource
  void whateverAClientOffersItIsAnsweredByHttp11(HttpClient.Version version) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + RestAssured.port + "/v2.0/routers"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"router\": {}}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      }
    }
  }

  /** Its length is known only when it has become too much. */
  @Test
  void tooMuchInChunksIsRefusedWithoutAnErrorInTheLog() throws IOException {
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
    try (CapturedLog log = CapturedLog.of(QuarkusErrorHandler.class);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write((BEGIN + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 17; i++) {
        out.write(chunk.getBytes(StandardCharsets.US_ASCII));
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readNBytes(1000), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 413 ")
          .contains("\"type\":\"HTTPRequestEntityTooLarge\"");
      assertThat(log.lines()).isEmpty();
    }
  }

  /** What comes behind a refused body is not done: nobody would be told. */
  @Test
  void nothingIsDoneBehindTheLastAnswer() throws IOException {
    String name = UUID.randomUUID().toString();
    String body = "{\"router\": {\"name\": \"" + name + "\"}}";
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
    String requests =
        BEGIN
            + "Transfer-Encoding: chunked\r\n\r\n"
            + chunk.repeat(17)
            + "0\r\n\r\n"
            + BEGIN
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 413 ")
          .doesNotContain("HTTP/1.1 201");
    }
    assertThat(Wire.json(Wire.get("/v2.0/routers?name=" + name)).path("routers")).isEmpty();
  }

  /** Also while they come, one behind: they would take memory until the last is there. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n"})
  void moreThanAHundredHeadersAreRefused(String end) throws IOException {
    assertThat(answer(BEGIN + "a: b\r\n".repeat(101) + end)).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void aHundredHeadersAreFine() throws IOException {
    String rest = "Content-Length: 2\r\nConnection: close\r\n" + "a: b\r\n".repeat(97);
    assertThat(answer(BEGIN + rest + "\r\n{}")).startsWith("HTTP/1.1 400 ");
  }

  /** What follows a body in chunks is never complete either. */
  @Test
  void moreThanAHundredTrailersEndTheConnection() throws IOException {
    String body = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n";
    assertThat(answer(BEGIN + body + "a: b\r\n".repeat(101))).isEmpty();
  }

  /** Each would be kept until those before it are answered. */
  @Test
  void requestsWithoutEndOnOneConnectionAreNotTaken() throws IOException {
    String one = "GET /v2.0/extensions HTTP/1.1\r\nHost: here\r\n\r\n";
    assertThat(answer(one.repeat(1000)).split("HTTP/1.1 ", -1)).hasSizeBetween(20, 50);
  }

  /** A few are, as HTTP/1.1 has it. */
  @Test
  void someRequestsAtOnceAreAnswered() throws IOException {
    String one = "GET /v2.0/extensions HTTP/1.1\r\nHost: here\r\n\r\n";
    String last = one.replace("Host", "Connection: close\r\nHost");
    assertThat(answer(one.repeat(15) + last).split("HTTP/1.1 200 ", -1)).hasSize(17);
  }

  private static String answer(String sent) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1000\r\n\r\n{\"router\": {",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"rou\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"rou\r\nzz\r\n"
      })
  void isNoErrorInTheLog(String rest) throws IOException {
    try (CapturedLog log = CapturedLog.of(BodyEdge.class);
        CapturedLog errors = CapturedLog.of(NeutronErrors.class);
        CapturedLog platform = CapturedLog.of(QuarkusErrorHandler.class)) {
      // Some are gone before anybody begins to read them, which nobody says.
      for (int i = 0; i < 20; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
          socket.getOutputStream().write((BEGIN + rest).getBytes(StandardCharsets.US_ASCII));
        }
      }

      await().until(() -> log.lines().size() > 5);
      assertThat(log.lines())
          .extracting(line -> List.of(line.split(" ", 2)).getFirst())
          .containsOnly("DEBUG");
      assertThat(errors.lines()).isEmpty();
      assertThat(platform.lines()).isEmpty();
    }
  }
}
