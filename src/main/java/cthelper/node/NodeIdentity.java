package cthelper.node;

import cthelper.model.NodeId;

/**
 * Who a node's executor is.
 *
 * @param id kept in its data directory
 * @param name the label people know it by, by default the host's name
 * @param kernel the kernel's release, for example {@code 6.18.44}
 */
public record NodeIdentity(NodeId id, String name, String kernel) {}
