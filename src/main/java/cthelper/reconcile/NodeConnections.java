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
  private final Set<NodeExecutor> beginning = ConcurrentHashMap.newKeySet();

  /** This link is about to have a session, maybe not its first one; then it {@link #begun}. */
  void begin(NodeExecutor link) {
    beginning.add(link);
  }

  /** It has been added, or could not be. */
  void begun(NodeExecutor link) {
    beginning.remove(link);
  }

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

  /**
   * There is a newer one: elsewhere, unless this link has just begun again, which is what a link
   * does whose reports were lost.
   */
  synchronized void dismiss(Connection connection) {
    boolean isBeginning = beginning.contains(connection.node);
    if (!isBeginning && byId.remove(connection.session.node(), connection)) {
      connection.node.dismissed();
    }
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
