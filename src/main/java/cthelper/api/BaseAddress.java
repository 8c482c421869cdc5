package cthelper.api;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address that the client used, which all links begin with: from {@code Host}, or from what a
 * proxy says of it in {@code X-Forwarded-Proto}, {@code X-Forwarded-Host} and {@code
 * X-Forwarded-Port}.
 *
 * <p>Example: {@code Host: cloud.example:9696} and {@code X-Forwarded-Proto: https} are {@code
 * https://cloud.example:9696}. Of a list of several proxies the first counts, the one next to the
 * client.
 */
final class BaseAddress {

  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[A-Za-z0-9._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}))?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int MOST_PORT = 65535;

  private BaseAddress() {}

  /** Nothing when it can be no address, or when the headers do not agree on one. */
  static Optional<URI> of(HttpServerRequest request) {
    String scheme = forwarded(request, "X-Forwarded-Proto").orElse(scheme(request));
    String authority = forwarded(request, "X-Forwarded-Host").orElse(authority(request));
    Optional<String> port = forwarded(request, "X-Forwarded-Port");
    if (authority == null || !List.of("http", "https").contains(scheme)) {
      return Optional.empty();
    }
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches() || !isPort(parts.group(1)) || !isPort(port.orElse(null))) {
      return Optional.empty();
    }
    String suffix = parts.group(1) == null ? port.map(given -> ":" + given).orElse("") : "";
    try {
      return Optional.of(new URI(scheme + "://" + authority + suffix));
    } catch (URISyntaxException e) { // [::::] looks like an address, but is none
      return Optional.empty();
    }
  }

  private static boolean isPort(@Nullable String given) {
    return given == null || (PORT.matcher(given).matches() && Integer.parseInt(given) <= MOST_PORT);
  }

  private static Optional<String> forwarded(HttpServerRequest request, String header) {
    return Optional.ofNullable(request.getHeader(header))
        .map(value -> value.contains(",") ? value.substring(0, value.indexOf(',')) : value)
        .map(String::strip);
  }

  private static String scheme(HttpServerRequest request) {
    return request.isSSL() ? "https" : "http";
  }

  private static @Nullable String authority(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll("Host");
    if (hosts.size() > 1) {
      return null;
    }
    return hosts.isEmpty() ? null : hosts.getFirst();
  }
}
