package cthelper.model;

/**
 * Where a router really lives: a namespace of a node. Observed by the node, never configured; the
 * key of reconciling.
 *
 * <p>Example: router 5c9e…, node 0b1c…, namespace {@code qrouter-5c9e…}.
 */
public record Placement(RouterId router, NodeId node, String namespace) {}
