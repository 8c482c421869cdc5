package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.testing.AtOnce;
import cthelper.testing.Heap;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Threads that wait for work keep the last request they worked on, but not what it said. */
@QuarkusTest
class LargeBodiesTest {

  private static final int AT_ONCE = 40;
  private static final int BYTES = 1_000_000;
  private static final String REQUEST =
      "POST /v2.0/routers HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: "
          + BYTES
          + "\r\n\r\n"
          + " ".repeat(BYTES);

  @Test
  void areNotKept() throws Exception {
    send(); // loads what is loaded once, and starts the threads
    long before = Heap.usedBytes();
    send();
    send();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(Heap.usedBytes() - before).isLessThan(AT_ONCE / 4 * BYTES));
  }

  private static void send() throws Exception {
    AtOnce.run(
        AT_ONCE,
        number -> {
          try (Socket client = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            client.setSoTimeout(20_000);
            client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            if (number % 2 == 0) { // the others go without waiting for the answer
              client.getInputStream().readAllBytes();
            }
          } catch (IOException e) {
            assertThat(e).as("refused while it spoke").isInstanceOf(SocketException.class);
          }
          return number;
        });
  }
}
