package cthelper.api;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps what clients make up out of the labels of {@code http_server_requests_seconds}: addresses
 * and methods are endless, and each combination would be kept for ever.
 *
 * <p>A request that reached an operation is counted under its path template, for example {@code
 * /v2.0/routers/{id}}; one that was refused before under {@code REFUSED}. Stateless.
 */
@Singleton
public final class RequestMeters implements MeterFilter {

  private static final String REQUESTS = "http.server.requests";
  private static final Pattern TEMPLATE = Pattern.compile("[A-Z_]+|[a-z0-9_./{}-]+");

  /** Wrong method, body or address too large: decided before anyone looks for an operation. */
  private static final Set<String> BEFORE_ROUTING = Set.of("405", "413", "414", "431");

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  @Override
  public Meter.Id map(Meter.Id id) {
    if (!id.getName().equals(REQUESTS)) {
      return id;
    }
    Tags tags = Tags.of(id.getTags());
    if (!isTemplate(tag(id, "uri")) || BEFORE_ROUTING.contains(tag(id, "status"))) {
      tags = tags.and(Tag.of("uri", "REFUSED"));
    }
    if (!METHODS.contains(tag(id, "method"))) {
      tags = tags.and(Tag.of("method", "OTHER"));
    }
    return id.replaceTags(tags);
  }

  private static boolean isTemplate(String uri) {
    return TEMPLATE.matcher(uri).matches();
  }

  private static String tag(Meter.Id id, String name) {
    return Objects.requireNonNullElse(id.getTag(name), "");
  }
}
