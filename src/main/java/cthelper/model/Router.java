package cthelper.model;

import java.time.Instant;

/**
 * A router of the registry, as users see it.
 *
 * @param projectId the owner; never empty
 * @param revision 1 when created, one more with each change of it or of its conntrack helpers
 */
public record Router(
    RouterId id,
    String projectId,
    String name,
    String description,
    boolean adminStateUp,
    boolean distributed,
    boolean ha,
    long revision,
    Instant createdAt,
    Instant updatedAt) {}
