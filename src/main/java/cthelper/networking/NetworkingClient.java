package cthelper.networking;

import cthelper.auth.OutboundHttp;
import cthelper.config.CtHelperConfig;
import cthelper.model.RouterId;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/**
 * Two requests of the Networking API v2.0: {@code GET /v2.0/routers/<id>} and {@code GET
 * /v2.0/routers?name=<name>}. Thread-safe; each takes at most {@code cthelper.networking.timeout},
 * its body included. No redirection is followed: the token goes to the configured address only.
 * Source: the Networking API reference v2.0, "Routers".
 */
final class NetworkingClient {

  private final String root;
  private final OutboundHttp http;

  NetworkingClient(CtHelperConfig.Networking config) {
    this.root = root(config.url().orElse(""));
    this.http = new OutboundHttp(config.timeout(), NetworkingServiceAway::new);
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
    String reason = "it answered " + answer.statusCode();
    return switch (answer.statusCode()) {
      // It makes no sense of this one question; it may of all others.
      case 400, 413, 414, 431 -> new NetworkingServiceAway.NoSense(reason);
      default -> new NetworkingServiceAway(reason);
    };
  }

  private HttpResponse<String> get(String token, String which) {
    return http.send(
        HttpRequest.newBuilder(URI.create(root + "/v2.0/routers" + which))
            .header("Accept", "application/json")
            .header("X-Auth-Token", token)
            .GET()
            .build());
  }
}
