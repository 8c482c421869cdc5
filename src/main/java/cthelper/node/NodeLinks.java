package cthelper.node;

/** Where links between nodes and this reconciler begin, whatever they are made of. Thread-safe. */
public interface NodeLinks {

  /** What the node at the other end of a new link reports to, until the link ends. */
  NodeReports begin();
}
