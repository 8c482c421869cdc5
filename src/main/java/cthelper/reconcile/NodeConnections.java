package cthelper.reconcile;

import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.node.NodeExecutor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes this process can speak to right now. Thread-safe. */
@ApplicationScoped
class NodeConnections {

  private final Map<NodeId, NodeExecutor> byId = new ConcurrentHashMap<>();

  /** From now on this is the link to speak to the node by. */
  void add(NodeExecutor node) {
    NodeExecutor earlier = byId.put(node.identity().id(), node);
    if (earlier != null && !earlier.equals(node)) {
      earlier.dismissed();
    }
  }

  /** Whether it was still the link to its node. */
  boolean remove(NodeExecutor node) {
    return byId.remove(node.identity().id(), node);
  }

  Optional<NodeExecutor> of(NodeId node) {
    return Optional.ofNullable(byId.get(node));
  }

  /** Who they are, and what they can do right now. */
  List<NodeIdentity> identities() {
    return byId.values().stream().map(NodeExecutor::identity).toList();
  }

  Set<NodeId> ids() {
    return Set.copyOf(byId.keySet());
  }
}
