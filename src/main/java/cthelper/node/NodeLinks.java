package cthelper.node;

import cthelper.model.NodeId;
import java.util.Optional;

/** Where links between nodes and this reconciler begin, whatever they are made of. Thread-safe. */
public interface NodeLinks {

  /** What the node at the other end of a new link reports to, until the link ends. */
  NodeReports begin();

  /** The name under which a node was last heard; empty for one that was never heard. */
  Optional<String> nameOf(NodeId node);
}
