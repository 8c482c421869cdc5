package cthelper.reconcile;

import cthelper.model.NodeId;
import cthelper.node.NodeExecutor;
import cthelper.store.NodeSession;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes this process can speak to right now. Thread-safe. */
@ApplicationScoped
class NodeConnections {

  /** A link to a node, and the session it has. */
  record Connection(NodeSession session, NodeExecutor node) {

    private boolean isNewerThan(Connection other) {
      return session.number() > other.session.number();
    }
  }

  private final Map<NodeId, Connection> byId = new ConcurrentHashMap<>();
  private final Set<NodeExecutor> beginning = new HashSet<>();

  /**
   * The link of this connection is about to have a newer session. Until that is added, or the link
   * ends or gives way to another one, nobody here knows whether it has it already: if that fails,
   * it may have been committed all the same.
   */
  synchronized void begin(Connection connection) {
    if (connection.equals(byId.get(connection.session.node()))) {
      beginning.add(connection.node);
    }
  }

  /**
   * From now on the node is spoken to by this one, and not by an older one. What a link has drawn
   * last is its newest session, also where the number is lower: the database is an older one then.
   */
  synchronized void add(Connection connection) {
    beginning.remove(connection.node);
    NodeId id = connection.session.node();
    Optional<Connection> other =
        Optional.ofNullable(byId.get(id)).filter(known -> !known.node.equals(connection.node));
    if (other.isPresent() && other.orElseThrow().isNewerThan(connection)) {
      connection.node.dismissed();
      return;
    }
    byId.put(id, connection);
    other.ifPresent(older -> {
      beginning.remove(older.node);
      older.node.dismissed();
    });
  }

  /** It has ended; a newer one stays. */
  synchronized void remove(Connection connection) {
    beginning.remove(connection.node);
    byId.remove(connection.session.node(), connection);
  }

  /**
   * There is a newer one: elsewhere, unless this link begins again, which is what a link does whose
   * reports were lost.
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
