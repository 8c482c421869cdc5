package cthelper.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that take their time keep neither threads nor memory, nor, for long, others out. */
@ExtendWith(PrivateNetns.class)
class SlowClientsIT {

  private static final int MOST_CONNECTIONS = 50;
  private static final int THREADS = 4;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String HEAD =
      "POST /v2.0/routers HTTP/1.1\r\nHost: here\r\nContent-Length: 20\r\n\r\n";

  private static DataFolder data;
  private static ServiceProcess service;

  @BeforeAll
  static void start() {
    data = new DataFolder();
    service =
        ServiceProcess.start(
            data.path(),
            Map.of(
                "QUARKUS_HTTP_READ_TIMEOUT",
                "6S",
                "QUARKUS_HTTP_IDLE_TIMEOUT",
                "9S",
                "QUARKUS_THREAD_POOL_MAX_THREADS",
                Integer.toString(THREADS),
                "QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS",
                Integer.toString(MOST_CONNECTIONS)));
  }

  @AfterAll
  static void stop() {
    try (var _ = data;
        var _ = service) {
      // in the order in which they need each other
    }
  }

  @Test
  void aBodyThatTricklesInIsGivenUp() throws IOException {
    try (Socket client = connected()) {
      send(client, HEAD + "{");
      String answer = new String(client.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 408 ")
          .contains("X-Openstack-Request-Id: req-")
          .endsWith(
              "{\"NeutronError\":{\"type\":\"HTTPRequestTimeout\",\"message\":\"The body of the"
                  + " request did not come in time.\",\"detail\":\"\"}}");
    }
  }

  /** More than anybody reads ahead, so that a thread that read it would have to wait. */
  @Test
  void bodiesThatTrickleInHoldNoThreads() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 10 * THREADS; i++) {
        Socket client = connected();
        slow.add(client);
        send(client, HEAD.replace("20", "900000") + " ".repeat(100_000));
      }
      assertThat(new Api(service.base()).routerExists("5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1"))
          .isFalse();
      for (Socket client : slow) {
        assertThat(client.getInputStream().available()).as("they still wait").isZero();
      }
    } finally {
      for (Socket client : slow) {
        client.close();
      }
    }
  }

  @Test
  void aConnectionOnWhichNothingComesIsClosed() throws IOException {
    try (Socket client = connected()) {
      send(client, "GET /v2.0/routers HTTP/1.1\r\nHost:");

      assertThat(client.getInputStream().read()).isNegative();
    }
  }

  /** More of them than there may be: the rest is turned away, and all is well when they go. */
  @Test
  void aCrowdIsTurnedAwayAndLeavesNothing() throws IOException {
    List<Socket> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < 4 * MOST_CONNECTIONS; i++) {
        Socket client = connected();
        crowd.add(client);
        send(client, HEAD);
      }
      assertThat(crowd.stream().filter(SlowClientsIT::isTurnedAway).count())
          .isGreaterThanOrEqualTo(3L * MOST_CONNECTIONS);
    } finally {
      for (Socket client : crowd) {
        client.close();
      }
    }

    Api api = new Api(service.base());
    await("others get in again")
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> !api.routerExists("5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1"));
    assertThat(service.output()).doesNotContain("\tat ");
  }

  /** Closed without an answer; the others are told that their bodies did not come. */
  private static boolean isTurnedAway(Socket client) {
    try {
      return client.getInputStream().readAllBytes().length == 0;
    } catch (IOException e) {
      return true;
    }
  }

  private static Socket connected() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
    socket.setSoTimeout(15_000);
    return socket;
  }

  private static void send(Socket client, String text) {
    try {
      client.getOutputStream().write(text.getBytes(US_ASCII));
      client.getOutputStream().flush();
    } catch (IOException e) {
      assertThat(e).as("turned away while it spoke").hasMessageNotContaining("timed out");
    }
  }
}
