package cthelper.node;

import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import java.util.List;

/**
 * What a node tells the reconciler. Thread-safe; each report may come twice; none blocks for long.
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

  /** What came of a desired state. */
  void observed(Placement placement, ObservedState state);

  /** The node goes away in good order; its tables stay. */
  void disconnected(NodeId node);
}
