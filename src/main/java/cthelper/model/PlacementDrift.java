package cthelper.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What others have done to our table in a placement since its namespace appeared.
 *
 * @param repairs how often it was repaired
 * @param last when the last repair was reported, on the database's clock; null when there was none
 * @param what it was, for example {@code deleted table}; empty when there was none
 * @param program who made it, as the kernel names its thread; untrusted text
 * @param pid of the process; 0 when unknown
 */
public record PlacementDrift(
    long repairs, @Nullable Instant last, String what, String program, long pid) {

  public static final PlacementDrift NONE = new PlacementDrift(0, null, "", "", 0);
}
