package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.router;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.testing.CapturedLog;
import cthelper.testing.Heap;
import cthelper.testing.Seed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent to whichever operation: a 4xx with a NeutronError, and nothing has changed. */
@QuarkusTest
class GarbageTest {

  private static final int REQUESTS = 400;
  private static final long MOST_HEAP_GROWTH = 8L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject EntityManager database;

  private String router = "";
  private String helper = "";

  /** An operation of the document. */
  record Operation(String method, String path, boolean hasBody, boolean hasQuery) {

    boolean isOfHelpers() {
      return path.contains("conntrack_helpers");
    }

    /** Nothing that this operation takes. */
    byte[] body(Garbage garbage) {
      return !hasBody
          ? new byte[0]
          : isOfHelpers()
              ? garbage.body("conntrack_helper", "port")
              : garbage.body("router", "name");
    }
  }

  record Answer(int status, String head, String body) {}

  static LongStream seeds() {
    return Seed.first(3);
  }

  @BeforeEach
  void makeSomethingToLose() {
    router = router("precious");
    helper = created(router, Wire.FTP_21);
  }

  private static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    OpenApiTest.document()
        .path("paths")
        .propertyStream()
        .forEach(path ->
            path.getValue()
                .propertyStream()
                .forEach(operation ->
                    operations.add(
                        new Operation(
                            operation.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            operation.getValue().has("requestBody"),
                            operation
                                .getValue()
                                .path("parameters")
                                .toString()
                                .contains("Limit")))));
    return operations;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isRefused(long number) throws IOException {
    Seed seed = new Seed(number);
    Random random = seed.random();
    Garbage garbage = new Garbage(random);
    List<Operation> operations = operations();
    String before = everything();
    long heap = 0;
    try (CapturedLog log = CapturedLog.of(NeutronErrors.class)) {
      for (int i = 0; i < REQUESTS; i++) {
        if (i == REQUESTS / 4) {
          heap = Heap.usedBytes(); // by then every class is loaded
        }
        Operation operation = operations.get(random.nextInt(operations.size()));
        String request = request(operation, garbage, random);
        if (!request.isEmpty()) {
          isRefused(
              send(request, operation.body(garbage)), seed + " request " + i + ": " + request);
        }
      }
      assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
    }
    assertThat(everything()).as("%s", seed).isEqualTo(before);
    assertThat(Heap.usedBytes() - heap).as("%s: heap", seed).isLessThan(MOST_HEAP_GROWTH);
  }

  /** The first lines of a request of which at least one thing is garbage; empty: nothing can be. */
  private String request(Operation operation, Garbage garbage, Random random) {
    boolean badId = operation.path.contains("{") && (!operation.hasBody || random.nextInt(3) == 0);
    boolean badQuery = operation.hasQuery && !badId;
    if (!badId && !badQuery && !operation.hasBody) {
      return ""; // nothing in it that could be wrong
    }
    String path =
        operation
            .path
            .replace("{router_id}", badId && random.nextBoolean() ? garbage.id() : router)
            .replace("{id}", badId ? garbage.id() : operation.isOfHelpers() ? helper : router)
            .replace("{alias}", garbage.id());
    if (badId && path.endsWith("conntrack_helpers") && operation.method.equals("GET")) {
      return ""; // of whatever router, known or not, there is a list
    }
    if (badId && path.endsWith(router + "/placements")) {
      return "";
    }
    String query = badQuery ? "?" + garbage.query() : "";
    String match = random.nextInt(4) == 0 ? "If-Match: " + garbage.ifMatch() + "\r\n" : "";
    return operation.method + " " + path + query + " HTTP/1.1\r\n" + match;
  }

  private static void isRefused(Answer answer, String what) {
    assertThat(answer.status).as(what + "\n" + answer.body).isBetween(400, 499);
    try {
      JsonNode body = JSON.readTree(answer.body);
      if (!what.contains("/v2.0/extensions/")) { // has Neutron's own words
        assertThat(body.at("/NeutronError/type").asText()).as(what).isNotEmpty();
        assertThat(body.at("/NeutronError/message").asText()).as(what).isNotEmpty();
        assertThat(body.at("/NeutronError/detail").isTextual()).as(what).isTrue();
      }
    } catch (IOException e) {
      throw new AssertionError(what + " was answered with " + answer.body, e);
    }
    assertThat(answer.body)
        .as(what)
        .doesNotContain("Exception", "java.", "cthelper.", "SELECT", "INSERT", "org.");
  }

  private static Answer send(String request, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      String length = body.length > 0 ? "Content-Length: " + body.length + "\r\n" : "";
      out.write(
          (request + "Host: here\r\nConnection: close\r\n" + length + "\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] parts = answer.split("\r\n\r\n", 2);
      return new Answer(Integer.parseInt(parts[0].substring(9, 12)), parts[0], parts[1]);
    }
  }

  /** A body of ten megabytes is not even read. */
  @Test
  void isNotReadWhenItIsTooMuch() throws IOException {
    String before = everything();
    long heap = Heap.usedBytes();
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
        socket
            .getOutputStream()
            .write(
                "POST /v2.0/routers HTTP/1.1\r\nHost: here\r\nContent-Length: 10485760\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        socket.setSoTimeout(20_000);
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("}}")) { // the server waits for us to close
          int octet = socket.getInputStream().read();
          assertThat(octet).as("%s", answer).isNotNegative();
          answer.append((char) octet);
        }
        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("HTTPRequestEntityTooLarge");
      }
    }
    assertThat(everything()).isEqualTo(before);
    assertThat(Heap.usedBytes() - heap).isLessThan(MOST_HEAP_GROWTH);
  }

  /** How many rows of what there are, and how often they were changed. */
  @Transactional
  String everything() {
    return String.valueOf(
        database
            .createNativeQuery(
                """
                SELECT concat_ws(' ',
                  (SELECT count(*) || ':' || sum(revision_number) || ':' || max(fence) FROM router),
                  (SELECT count(*) || ':' || sum(revision_number) FROM conntrack_helper),
                  (SELECT count(*) FROM agent))
                """)
            .getSingleResult());
  }
}
