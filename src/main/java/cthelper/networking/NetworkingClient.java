package cthelper.networking;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import cthelper.config.CtHelperConfig;
import cthelper.model.RouterId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * Two requests of the Networking API v2.0: {@code GET /v2.0/routers/<id>} and {@code GET
 * /v2.0/routers?name=<name>}. Thread-safe; each takes at most {@code cthelper.networking.timeout},
 * its body included. No redirection is followed: the token goes to the configured address only.
 * Source: the Networking API reference v2.0, "Routers".
 */
final class NetworkingClient {

  private static final long MOST_BYTES = 1024 * 1024;

  private final String root;
  private final Duration timeout;
  private final HttpClient http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  NetworkingClient(CtHelperConfig.Networking config) {
    this.root = root(config.url().orElse(""));
    this.timeout = config.timeout();
    this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  /** The address of the service without a version, whether or not the setting has one. */
  private static String root(String url) {
    return url.replaceFirst("/+$", "").replaceFirst("/v2\\.0$", "");
  }

  /**
   * What it says about this router; nothing when it refuses the token.
   *
   * @throws NetworkingServiceAway when it says neither that there is one nor that there is none
   */
  Optional<NetworkingAnswer> router(String token, RouterId id) {
    HttpResponse<String> answer = get(token, "/" + id);
    return switch (answer.statusCode()) {
      case 200 -> Optional.of(RouterAnswers.found(id, answer.body()));
      case 404 -> Optional.of(RouterAnswers.notFound(answer.body()));
      case 401 -> Optional.empty();
      default -> throw unexpected(answer);
    };
  }

  /**
   * The routers it has under these names; nothing when it refuses the token.
   *
   * @throws NetworkingServiceAway when it does not say
   */
  Optional<List<RemoteRouter>> routersNamed(String token, NamesQuestion question) {
    HttpResponse<String> answer = get(token, "?" + question.query());
    return switch (answer.statusCode()) {
      case 200 -> Optional.of(RouterAnswers.named(question, answer.body()));
      case 401 -> Optional.empty();
      default -> throw unexpected(answer);
    };
  }

  private static NetworkingServiceAway unexpected(HttpResponse<String> answer) {
    return new NetworkingServiceAway("it answered " + answer.statusCode());
  }

  private HttpResponse<String> get(String token, String which) {
    return send(
        HttpRequest.newBuilder(URI.create(root + "/v2.0/routers" + which))
            .header("Accept", "application/json")
            .header("X-Auth-Token", token)
            .GET()
            .build());
  }

  /** The time limit of a request ends with the headers of its answer; this one does not. */
  private HttpResponse<String> send(HttpRequest request) {
    // Not sendAsync(), whose answers wait for a thread of the JVM's common pool.
    Future<HttpResponse<String>> answer =
        threads.submit(
            () -> http.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES)));
    try {
      return answer.get(timeout.toNanos(), NANOSECONDS);
    } catch (ExecutionException e) {
      throw new NetworkingServiceAway("it cannot be reached: " + rootOf(e));
    } catch (TimeoutException e) {
      throw new NetworkingServiceAway("it did not answer within " + timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkingServiceAway("interrupted while it was asked");
    } finally {
      answer.cancel(true); // closes the connection of one that is not over
    }
  }

  private static Object rootOf(ExecutionException failure) {
    return failure.getCause() instanceof IOException cause ? cause : failure;
  }
}
