package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.testing.CapturedLog;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that breaks off is no failure of ours: nothing is stored, and nobody is alarmed. */
@QuarkusTest
class BrokenBodyTest {

  private static final String BEGIN = "POST /v2.0/routers HTTP/1.1\r\nHost: here\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1000\r\n\r\n{\"router\": {",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"rou\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"rou\r\nzz\r\n"
      })
  void isNoErrorInTheLog(String rest) throws IOException {
    try (CapturedLog log = CapturedLog.of(NeutronErrors.class)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
        socket.getOutputStream().write((BEGIN + rest).getBytes(StandardCharsets.US_ASCII));
      }

      await().until(() -> !log.lines().isEmpty());
      assertThat(log.lines())
          .extracting(line -> List.of(line.split(" ", 2)).getFirst())
          .containsOnly("DEBUG");
    }
  }
}
