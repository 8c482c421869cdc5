package cthelper.model;

import java.time.Instant;

/**
 * A node as it is stored; all times are the database's.
 *
 * @param alive whether its lease has not run out
 * @param createdAt when it was first heard of
 * @param connectedAt when it last began to report
 * @param heardAt when it was last heard
 * @param placements how many namespaces of routers it has
 */
public record NodeView(
    NodeIdentity node,
    boolean alive,
    Instant createdAt,
    Instant connectedAt,
    Instant heardAt,
    long placements) {}
