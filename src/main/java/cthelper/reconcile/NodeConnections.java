package cthelper.reconcile;

import cthelper.model.NodeId;
import cthelper.node.NodeExecutor;
import cthelper.store.NodeSession;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes this process can speak to right now. Thread-safe. */
@ApplicationScoped
class NodeConnections {

  /** A link to a node, and the session it has. */
  record Connection(NodeSession session, NodeExecutor node) {}

  private final Map<NodeId, Connection> byId = new ConcurrentHashMap<>();

  /** From now on the node is spoken to by this one, and not by an older one. */
  synchronized void add(Connection connection) {
    Connection known = byId.get(connection.session.node());
    if (known != null && known.session.number() > connection.session.number()) {
      connection.node.dismissed();
      return;
    }
    byId.put(connection.session.node(), connection);
    if (known != null && !known.node.equals(connection.node)) {
      known.node.dismissed();
    }
  }

  /** It has ended; a newer one stays. */
  void remove(Connection connection) {
    byId.remove(connection.session.node(), connection);
  }

  /** Another replica has a newer one. */
  void dismiss(Connection connection) {
    remove(connection);
    connection.node.dismissed();
  }

  Optional<NodeExecutor> of(NodeId node) {
    return Optional.ofNullable(byId.get(node)).map(Connection::node);
  }

  List<Connection> all() {
    return List.copyOf(byId.values());
  }

  Set<NodeId> ids() {
    return Set.copyOf(byId.keySet());
  }
}
