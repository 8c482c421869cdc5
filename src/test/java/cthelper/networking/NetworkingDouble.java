package cthelper.networking;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Networking service as its API reference v2.0 describes {@code /v2.0/routers} to an
 * administrator; answers only to tokens that somebody vouches for.
 */
public final class NetworkingDouble implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROUTERS = "/v2.0/routers/";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Predicate<String> isGoodToken;
  private final Map<String, Said> said = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int failure;
  private volatile @Nullable String ofNames;
  private volatile @Nullable CountDownLatch bodies;

  private record Said(int status, String body) {}

  public NetworkingDouble(Predicate<String> isGoodToken) {
    this.isGoodToken = isGoodToken;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Its root, without a version. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on it has this router. */
  public void has(String id, String project, String name) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode router = body.putObject("router");
    router.put("id", id).put("name", name).put("project_id", project).put("tenant_id", project);
    router.put("status", "ACTIVE").put("admin_state_up", true).put("revision_number", 3);
    says(id, 200, body.toString());
  }

  /** From now on it has it no more. */
  public void hasNot(String id) {
    said.remove(id);
  }

  /** From now on it answers just this to a question about the router. */
  public void says(String id, int status, String body) {
    said.put(id, new Said(status, body));
  }

  /** How often it was asked about the router, or with just this query, by whomever. */
  public long questionsAbout(String id) {
    return asked.stream().filter(id::equals).count();
  }

  /** From now on every request is answered with this status; 0 for properly. */
  public void failWith(int status) {
    failure = status;
  }

  /** Questions about this router are not answered before the latch is down. */
  public void hangAbout(String id, CountDownLatch latch) {
    hanging.put(id, latch);
  }

  /** From now on bodies end when the latch is down; null for at once. */
  public void hangInBodiesUntil(@Nullable CountDownLatch latch) {
    bodies = latch;
  }

  /** From now on it answers just this to a question about names; null for properly. */
  public void saysOfNames(@Nullable String body) {
    ofNames = body;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getRawQuery();
      String id =
          query == null
              ? exchange.getRequestURI().getPath().replaceFirst("^" + ROUTERS, "")
              : query;
      asked.add(id);
      await(hanging.get(id));
      String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
      if (failure != 0) {
        exchange.sendResponseHeaders(failure, -1);
      } else if (token == null || !isGoodToken.test(token)) {
        answer(exchange, new Said(401, "{\"error\": {\"code\": 401}}"));
      } else if (query != null) {
        answer(exchange, new Said(200, Optional.ofNullable(ofNames).orElseGet(() -> list(query))));
      } else {
        answer(exchange, Optional.ofNullable(said.get(id)).orElseGet(() -> notFound(id)));
      }
    }
  }

  /** Filters as Neutron does: values of one key mean or, several keys mean and. */
  private String list(String query) {
    Map<String, List<String>> filters = new QueryStringDecoder(query, false).parameters();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode routers = answer.putArray("routers");
    for (Said one : said.values()) {
      JsonNode router = described(one);
      if (router.isObject()
          && Stream.of("name", "project_id").allMatch(key -> isWanted(filters, key, router))) {
        routers.add(router.deepCopy());
      }
    }
    return answer.toString();
  }

  private static JsonNode described(Said one) {
    try {
      return JSON.readTree(one.body).path("router");
    } catch (JacksonException e) {
      return MissingNode.getInstance(); // a test made it say nonsense
    }
  }

  private static boolean isWanted(Map<String, List<String>> filters, String key, JsonNode router) {
    List<String> wanted = filters.get(key);
    return wanted == null || wanted.contains(router.path(key).asText());
  }

  private static Said notFound(String id) {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("NeutronError")
        .put("type", "RouterNotFound")
        .put("message", "Router " + id + " could not be found")
        .put("detail", "");
    return new Said(404, body.toString());
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

  private void answer(HttpExchange exchange, Said what) throws IOException {
    byte[] bytes = what.body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(what.status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
    exchange.getResponseBody().flush();
    await(bodies);
    exchange.getResponseBody().write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
