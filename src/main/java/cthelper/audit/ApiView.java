package cthelper.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.RouterId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the API says, asked like any client asks: over HTTP, with a token where one is needed.
 * Thread-safe.
 *
 * @param base for example {@code http://127.0.0.1:9696}
 * @param token for {@code X-Auth-Token}
 */
record ApiView(URI base, Optional<String> token, HttpClient client) {

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The router's helpers, empty when the API knows no such router.
   *
   * @throws IOException when the API does not answer, or with something else than expected
   */
  Optional<List<SaidHelper>> helpersOf(RouterId router) throws IOException {
    String path = "/v2.0/routers/" + router;
    if (get(path + "?fields=id").isEmpty()) {
      return Optional.empty();
    }
    JsonNode list = get(path + "/conntrack_helpers").orElseThrow(IOException::new);
    List<SaidHelper> helpers = new ArrayList<>();
    for (JsonNode helper : list.path("conntrack_helpers")) {
      helpers.add(helper(helper));
    }
    return Optional.of(helpers);
  }

  private static SaidHelper helper(JsonNode helper) throws IOException {
    try {
      return new SaidHelper(
          UUID.fromString(helper.path("id").asText()),
          new HelperSpec(
              HelperCatalog.parse(
                  helper.path("helper").asText() + ":" + helper.path("protocol").asText()),
              helper.path("port").asInt()),
          helper.path("status").asText());
    } catch (IllegalArgumentException e) {
      throw new IOException("not a conntrack helper: " + helper, e);
    }
  }

  /** The answer; empty for 404. */
  private Optional<JsonNode> get(String path) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(LONGEST_ANSWER).GET();
    token.ifPresent(known -> request.header("X-Auth-Token", known));
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return switch (response.statusCode()) {
        case 200 -> Optional.of(JSON.readTree(response.body()));
        case 404 -> Optional.empty();
        default ->
            throw new IOException("GET %s: status %d".formatted(path, response.statusCode()));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
