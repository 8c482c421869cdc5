package cthelper.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Identity service as its API reference v3 describes {@code /v3/auth/tokens}: gives tokens for
 * a password, and tells who may ask what a token is worth.
 */
public final class KeystoneDouble implements AutoCloseable {

  public static final String USERNAME = "conntrack-helper";
  public static final String PASSWORD = "canary-password-of-the-service";
  public static final String PROJECT = "service";

  private static final String SERVICE_PROJECT = "id-of-the-service-project";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, ObjectNode> tokens = new ConcurrentHashMap<>();
  private final AtomicInteger questions = new AtomicInteger();
  private final AtomicInteger logins = new AtomicInteger();
  private volatile int failure;
  private volatile @Nullable CountDownLatch hanging;
  private volatile @Nullable CountDownLatch hangingInBodies;

  public KeystoneDouble() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/v3/auth/tokens", this::serve);
    server.start();
  }

  /** Its root, without a version. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A new token of a user with these roles in the project; an empty project is another scope. */
  public String token(String project, Duration life, String... roles) {
    String token = "canary-token-" + UUID.randomUUID();
    tokens.put(token, described("user-of-" + project, project, life, Arrays.asList(roles)));
    return token;
  }

  /** From now on it tells something else of the token. */
  public void tells(String token, Consumer<ObjectNode> change) {
    ObjectNode described = Objects.requireNonNull(tokens.get(token)).deepCopy();
    change.accept((ObjectNode) described.path("token"));
    tokens.put(token, described);
  }

  public void revoke(String token) {
    tokens.remove(token);
  }

  /** Revokes what it gave for the service's password. */
  public void revokeOwn() {
    tokens
        .values()
        .removeIf(described -> described.at("/token/project/id").asText().equals(SERVICE_PROJECT));
  }

  /** Whether it gave this token, which is good still. */
  public boolean knows(String token) {
    ObjectNode described = tokens.get(token);
    return described != null && !isOver(described);
  }

  /** How often it was asked about tokens. */
  public int questions() {
    return questions.get();
  }

  /** How often somebody came with a password. */
  public int logins() {
    return logins.get();
  }

  /** From now on every request is answered with this status; 0 for properly. */
  public void failWith(int status) {
    failure = status;
  }

  /** From now on no request is answered before the latch is down. */
  public void hangUntil(@Nullable CountDownLatch latch) {
    hanging = latch;
  }

  /** From now on every answer stops in the middle of its body before the latch is down. */
  public void hangInBodiesUntil(@Nullable CountDownLatch latch) {
    hangingInBodies = latch;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      await(hanging);
      if (failure != 0) {
        exchange.sendResponseHeaders(failure, -1);
      } else if (exchange.getRequestMethod().equals("POST")) {
        logIn(exchange);
      } else {
        tell(exchange);
      }
    }
  }

  private static void await(@Nullable CountDownLatch latch) {
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void logIn(HttpExchange exchange) throws IOException {
    logins.incrementAndGet();
    JsonNode auth = JSON.readTree(exchange.getRequestBody()).path("auth");
    JsonNode user = auth.path("identity").path("password").path("user");
    JsonNode project = auth.path("scope").path("project");
    boolean isKnown =
        user.path("name").asText().equals(USERNAME)
            && user.path("password").asText().equals(PASSWORD)
            && user.path("domain").path("id").asText().equals("default")
            && project.path("name").asText().equals(PROJECT)
            && project.path("domain").path("id").asText().equals("default");
    if (!isKnown) {
      answer(exchange, 401, error(401));
      return;
    }
    String token = token(SERVICE_PROJECT, Duration.ofHours(1), "service", "admin");
    exchange.getResponseHeaders().set("X-Subject-Token", token);
    answer(exchange, 201, tokens.get(token));
  }

  private void tell(HttpExchange exchange) throws IOException {
    questions.incrementAndGet();
    ObjectNode asking = tokens.get(exchange.getRequestHeaders().getFirst("X-Auth-Token"));
    if (asking == null || isOver(asking)) {
      answer(exchange, 401, error(401));
      return;
    }
    ObjectNode asked =
        tokens.get(String.valueOf(exchange.getRequestHeaders().getFirst("X-Subject-Token")));
    if (asked == null || isOver(asked)) {
      answer(exchange, 404, error(404));
      return;
    }
    answer(exchange, 200, asked);
  }

  private static boolean isOver(ObjectNode described) {
    return Instant.parse(described.at("/token/expires_at").asText()).isBefore(Instant.now());
  }

  /** {@code 2026-11-26T12:00:00.000000Z} is how Keystone writes a time. */
  private static ObjectNode described(
      String user, String project, Duration life, List<String> roles) {
    ObjectNode described = JSON.createObjectNode();
    ObjectNode token = described.putObject("token");
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    token.putArray("methods").add("password");
    token.put("issued_at", now.toString());
    token.put("expires_at", now.plus(life).toString());
    token.putObject("user").put("id", user).put("name", user);
    if (project.isEmpty()) {
      token.putObject("system").put("all", true);
    } else {
      token.putObject("project").put("id", project).put("name", "name of " + project);
    }
    roles.forEach(
        role -> token.withArray("roles").addObject().put("id", "id of " + role).put("name", role));
    return described;
  }

  private static ObjectNode error(int status) {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("error").put("code", status).put("title", "title").put("message", "message");
    return body;
  }

  private void answer(HttpExchange exchange, int status, @Nullable ObjectNode body)
      throws IOException {
    byte[] bytes = String.valueOf(body).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    int half = bytes.length / 2;
    exchange.getResponseBody().write(bytes, 0, half);
    exchange.getResponseBody().flush();
    await(hangingInBodies);
    exchange.getResponseBody().write(bytes, half, bytes.length - half);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
