package cthelper.model;

import java.time.Instant;
import java.util.UUID;

/**
 * The stored resource: a router's declaration that connections to a port get a helper.
 *
 * @param revision 1 when created, one more with each update that names an attribute
 */
public record ConntrackHelper(
    UUID id,
    RouterId router,
    HelperSpec spec,
    long revision,
    Instant createdAt,
    Instant updatedAt) {}
