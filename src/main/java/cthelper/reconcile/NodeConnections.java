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

  void add(NodeExecutor node) {
    byId.put(node.identity().id(), node);
  }

  void remove(NodeId node) {
    byId.remove(node);
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
