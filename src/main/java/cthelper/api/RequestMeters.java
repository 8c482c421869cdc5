package cthelper.api;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what clients make up out of the labels of {@code http_server_requests_seconds}: addresses
 * and methods are endless, and each combination would be kept for ever.
 *
 * <p>A request is counted under the path template of its operation, for example {@code
 * /v2.0/routers/{id}}; one that was refused before anyone looked for an operation under {@code
 * OTHER}. Stateless.
 */
@Singleton
public final class RequestMeters implements MeterFilter {

  private static final String REQUESTS = "http.server.requests";
  private static final String OTHER = "OTHER";

  /** Every operation, and the platform's own words. */
  static final Set<String> ADDRESSES =
      Set.of(
          "root",
          "/v2.0",
          "/v2.0/agents",
          "/v2.0/agents/{id}",
          "/v2.0/conntrack_helper_types",
          "/v2.0/extensions",
          "/v2.0/extensions/{alias}",
          "/v2.0/ports",
          "/v2.0/routers",
          "/v2.0/routers/{id}",
          "/v2.0/routers/{router_id}/conntrack_helpers",
          "/v2.0/routers/{router_id}/conntrack_helpers/{id}",
          "/v2.0/routers/{router_id}/placements",
          "/openapi",
          "NOT_FOUND",
          "REDIRECTION");

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  @Override
  public Meter.Id map(Meter.Id id) {
    if (!id.getName().equals(REQUESTS)) {
      return id;
    }
    return id.replaceTags(
        Tags.of(id.getTags())
            .and(Tag.of("uri", known(ADDRESSES, id.getTag("uri"))))
            .and(Tag.of("method", known(METHODS, id.getTag("method")))));
  }

  private static String known(Set<String> labels, @Nullable String label) {
    return label != null && labels.contains(label) ? label : OTHER;
  }
}
