package cthelper.store;

import cthelper.model.NodeId;

/**
 * One connection of a node, from {@link PlacementStore#connected} until the next one.
 *
 * @param number greater than that of every earlier one of the node
 */
public record NodeSession(NodeId node, long number) {}
