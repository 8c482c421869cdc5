package cthelper.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times on the wire: UTC, whole seconds, for example {@code 2026-08-01T12:00:00Z}. */
final class Times {

  private Times() {}

  static String wire(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
