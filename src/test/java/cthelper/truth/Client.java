package cthelper.truth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.service.CatalogueEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Users of the API. Thread-safe. Without an answer, and while the service has no database, an
 * {@link UncheckedIOException}.
 *
 * @param base for example {@code http://127.0.0.1:34567}
 */
record Client(String base) {

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);
  private static final int UNAVAILABLE = 503;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the service said. */
  record Answer(int status, JsonNode body) {

    private static final int LONGEST_REASON = 60;

    /** For the journal: the status, and what was wrong. */
    String inShort() {
      JsonNode error = body.path("NeutronError").path("message");
      String text = error.asText();
      return (status + " " + text.substring(0, Math.min(LONGEST_REASON, text.length()))).strip();
    }
  }

  /** A conntrack helper as the API shows it. */
  record Shown(Model.Helper helper, String status, String reason) {

    boolean isActive() {
      return status.equals("ACTIVE");
    }

    static Shown of(JsonNode json) {
      CatalogueEntry type =
          Arrays.stream(CatalogueEntry.values())
              .filter(entry ->
                  entry.helper.equals(json.path("helper").asText())
                      && entry.protocol.equals(json.path("protocol").asText()))
              .findFirst()
              .orElseThrow(() -> new Untrue("a helper that was never declared: " + json));
      return new Shown(
          new Model.Helper(
              json.path("id").asText(),
              type,
              json.path("port").asInt(),
              json.path("revision_number").asLong()),
          json.path("status").asText(),
          json.path("status_reason").asText());
    }
  }

  Answer createRouter(String id) {
    return send("POST", "", Map.of("router", Map.of("id", id)));
  }

  Answer deleteRouter(String id) {
    return send("DELETE", "/" + id, Map.of());
  }

  boolean knows(String router) {
    return switch (send("GET", "/" + router, Map.of()).status()) {
      case 200 -> true;
      case 404 -> false;
      default -> throw new Untrue("the router can neither be shown nor is it unknown");
    };
  }

  Answer createHelper(String router, Map<String, ?> attributes) {
    return send("POST", helpers(router), Map.of("conntrack_helper", attributes));
  }

  Answer updateHelper(String router, String id, Map<String, ?> attributes) {
    return send("PUT", helpers(router) + "/" + id, Map.of("conntrack_helper", attributes));
  }

  Answer deleteHelper(String router, String id) {
    return send("DELETE", helpers(router) + "/" + id, Map.of());
  }

  List<Shown> helpersOf(String router) {
    Answer answer = send("GET", helpers(router), Map.of());
    if (answer.status() != 200) {
      throw new Untrue("the helpers cannot be listed: " + answer.inShort());
    }
    List<Shown> all = new ArrayList<>();
    answer.body().path("conntrack_helpers").forEach(helper -> all.add(Shown.of(helper)));
    return all;
  }

  private static String helpers(String router) {
    return "/" + router + "/conntrack_helpers";
  }

  private Answer send(String method, String path, Map<String, ?> body) {
    String url = base + "/v2.0/routers" + path;
    try {
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(url))
                  .timeout(LONGEST_ANSWER)
                  .method(
                      method,
                      body.isEmpty()
                          ? BodyPublishers.noBody()
                          : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                  .build(),
              BodyHandlers.ofString());
      if (response.statusCode() == UNAVAILABLE) {
        throw new IOException("answered 503 " + response.body());
      }
      return new Answer(response.statusCode(), read(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException("%s %s: %s".formatted(method, url, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static JsonNode read(String body) throws JsonProcessingException {
    return body.isEmpty() ? JSON.missingNode() : JSON.readTree(body);
  }
}
