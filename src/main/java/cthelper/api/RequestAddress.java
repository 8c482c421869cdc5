package cthelper.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The address of a request as the client wrote it, which JAX-RS does not keep: for links, and for
 * its parameters in their order.
 *
 * @param base see {@link BaseAddress}
 * @param path still encoded, for example {@code /v2.0/routers}
 * @param query still encoded; empty without one
 * @param parameters decoded, each with all its values
 */
record RequestAddress(URI base, String path, String query, Map<String, List<String>> parameters) {

  private static final int MOST_PARAMETERS = 100_000; // more than fit into a request line
  private static final String KEY = RequestAddress.class.getName();

  /**
   * Reads it, and keeps it with the exchange; false when it is none. A URI has no raw brackets,
   * spaces or control characters (RFC 3986), whatever servers take.
   */
  static boolean read(URI base, RoutingContext exchange) {
    HttpServerRequest request = exchange.request();
    String query = Optional.ofNullable(request.query()).orElse("");
    try {
      new URI(base + request.path() + "?" + query);
      exchange.put(KEY, new RequestAddress(base, request.path(), query, decoded(query)));
      return true;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * @throws IllegalArgumentException when it is not properly encoded
   */
  private static Map<String, List<String>> decoded(String query) {
    return new QueryStringDecoder(query, UTF_8, false, MOST_PARAMETERS, true).parameters();
  }

  static RequestAddress of(RoutingContext exchange) {
    return exchange.get(KEY);
  }

  /** The values of a parameter; none when the query does not name it. */
  List<String> values(String parameter) {
    return parameters.getOrDefault(parameter, List.of());
  }

  /** For example {@code https://network.example/v2.0/}. */
  String of(String otherPath) {
    return base + otherPath;
  }
}
