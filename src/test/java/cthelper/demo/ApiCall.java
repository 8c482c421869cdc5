package cthelper.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * One request to the service, which can say how a person would send it.
 *
 * @param body JSON, or empty for none
 */
record ApiCall(String method, String url, String body) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** For a shell, in one or two lines. */
  String curl() {
    return switch (method) {
      case "GET" -> "curl -s " + url;
      case "POST" -> "curl -s %s \\%n  -d '%s'".formatted(url, body);
      default -> "curl -s -X %s %s".formatted(method, url);
    };
  }

  /** The status of the answer, for example 201. */
  int status() {
    return send().statusCode();
  }

  /** The JSON of the answer; another status than this one ends the story. */
  JsonNode answer(int expectedStatus) {
    HttpResponse<String> response = send();
    Story.expect(
        response.statusCode() == expectedStatus,
        "%s was answered %d: %s".formatted(method, response.statusCode(), response.body()));
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send() {
    BodyPublisher content =
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create(url)).method(method, content).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("%s %s: %s".formatted(method, url, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
