package cthelper.api;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** Every operation, and the platform's own words; it calls the first one {@code root}. */
  static final Set<String> ADDRESSES =
      Stream.concat(
              Operations.addresses().stream(),
              Stream.of("root", "/openapi", "NOT_FOUND", "REDIRECTION"))
          .collect(Collectors.toUnmodifiableSet());

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
