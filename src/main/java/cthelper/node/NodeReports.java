package cthelper.node;

import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import java.util.List;

/**
 * What a node tells the reconciler over one link. Thread-safe; each report may come twice; none
 * blocks for long.
 */
public interface NodeReports {

  /**
   * The node is here and these are all its router namespaces: replaces whatever was known of it.
   *
   * @param node where to send desired states until {@link #disconnected}
   */
  void connected(NodeExecutor node, List<NodeNamespace> inventory);

  /** A namespace appeared, or was replaced by another one of the same name. */
  void appeared(NodeId node, NodeNamespace namespace);

  /** A namespace is gone. */
  void vanished(NodeId node, NodeNamespace namespace);

  /**
   * What came of a desired state; also unasked, whenever what was told last is no longer true or is
   * true again.
   */
  void observed(Placement placement, ObservedState state);

  /** Somebody changed our table, and it was repaired. At most once a second for a placement. */
  void drifted(Placement placement, DriftRepairs drift);

  /**
   * The namespace holds a table of ours, but nothing was desired for it since it is here. Answered
   * by {@link NodeExecutor#desire} with an empty state when its router is unknown, else not at all.
   */
  void unclaimed(Placement placement);

  /** The link has ended; the node's tables stay. Changes nothing if it has a newer link. */
  void disconnected(NodeId node);
}
