package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The edge in a server of its own, which answers with the length of what the edge handed on. */
@Timeout(60)
class BodyEdgeTest {

  private static final int MOST = 150_000;
  private static final int BEYOND_SMALL = 300_000;
  private static final String SMALL_ONE = "Content-Length: 9\r\n\r\n{\"a\": 12}";

  /** Without what the service adds, which needs its settings. */
  private final Vertx vertx = new VertxBuilder().serviceProviders(List.of()).init().vertx();

  private int port;

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    router.route().handler(new BodyEdge(MOST, BEYOND_SMALL)::take);
    router.route().handler(it -> it.response().end("length " + it.body().buffer().length()));
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    port = server.actualPort();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void bodyIsHandedOnWhole() throws IOException {
    assertThat(answer(SMALL_ONE)).startsWith("HTTP/1.1 200 ").endsWith("length 9");
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
        .endsWith("length 5");
    assertThat(answer(ofLength(90_000))).endsWith("length 90000");
  }

  /** Nothing that came is something else than nothing that is still to come. */
  @Test
  void emptyBodyIsABody() throws IOException {
    assertThat(answer("Content-Length: 0\r\n\r\n")).endsWith("length 0");
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).endsWith("length 0");
  }

  @Test
  void whoWaitsToBeAskedForTheBodyIsAsked() throws IOException {
    try (Socket client = connected()) {
      send(client, "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n");
      assertThat(line(client)).startsWith("HTTP/1.1 100 ");
      client.getOutputStream().write("{\"a\": 12}".getBytes(StandardCharsets.US_ASCII));
      assertThat(line(client)).isEmpty();
      assertThat(line(client)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void tooMuchAndNonsenseAreNotHandedOn() throws IOException {
    String chunk = "fff0\r\n" + "x".repeat(0xfff0) + "\r\n";
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(4)))
        .startsWith("HTTP/1.1 413 ")
        .contains("\"type\":\"HTTPRequestEntityTooLarge\"");
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n"))
        .as("closed without a word")
        .isEmpty();
  }

  @Test
  void largeBodiesShareWhatThereIsAndSmallOnesAlwaysFit() throws IOException {
    try (Socket slow = connected()) {
      send(slow, "Content-Length: 150000\r\n\r\n" + "x".repeat(140_000));

      await().until(() -> answer(ofLength(90_000)).startsWith("HTTP/1.1 503 "));
      assertThat(answer(ofLength(90_000)))
          .contains("retry-after: 1\r\n")
          .contains("\"type\":\"HTTPServiceUnavailable\"");
      assertThat(answer(SMALL_ONE)).endsWith("length 9");
      assertThat(answer(ofLength(BodyEdge.SMALL))).endsWith("length " + BodyEdge.SMALL);
    }
    await().untilAsserted(() -> assertThat(answer(ofLength(90_000))).endsWith("length 90000"));
    for (int i = 0; i < 5; i++) { // what was refused or answered counts no more
      assertThat(answer(ofLength(MOST))).startsWith("HTTP/1.1 200 ");
    }
  }

  private static String ofLength(int length) {
    return "Content-Length: " + length + "\r\n\r\n" + "x".repeat(length);
  }

  private String answer(String rest) throws IOException {
    try (Socket client = connected()) {
      send(client, "Connection: close\r\n" + rest);
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Socket connected() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client.setSoTimeout(20_000);
    return client;
  }

  private static void send(Socket client, String rest) throws IOException {
    String head = "POST /v2.0/routers HTTP/1.1\r\nHost: here\r\n";
    client.getOutputStream().write((head + rest).getBytes(StandardCharsets.US_ASCII));
  }

  private static String line(Socket client) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int it = client.getInputStream().read(); it != '\n'; it = client.getInputStream().read()) {
      if (it != '\r') {
        line.append((char) it);
      }
    }
    return line.toString();
  }
}
