package cthelper.store;

import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.NodeView;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.query.NativeQuery;

/**
 * The nodes as users are told about them. Thread-safe; every method is one short transaction (a
 * deletion is followed by a second one that purges tombstones); a lost database is an exception
 * (see {@link DatabaseTrouble}).
 */
@ApplicationScoped
public class NodeStore {

  private final RouterTombstones tombstones;

  NodeStore(RouterTombstones tombstones) {
    this.tombstones = tombstones;
  }

  /** What came of deleting a node. */
  public enum Deletion {
    DELETED,
    STILL_ALIVE,
    NO_SUCH_NODE
  }

  /** Every node that was ever heard of and not deleted, ordered by id. */
  @Transactional
  public List<NodeView> list() {
    return rows("").getResultList().stream().map(NodeStore::view).toList();
  }

  /** One of them. */
  @Transactional
  public Optional<NodeView> find(NodeId node) {
    return rows("WHERE agent.id = :id")
        .setParameter("id", node.value())
        .uniqueResultOptional()
        .map(NodeStore::view);
  }

  private static NativeQuery<Tuple> rows(String condition) {
    return Panache.getSession()
        .createNativeQuery(
            """
            SELECT agent.id, name, kernel, cast(helpers AS text) AS helpers,
                   lease_until > now() AS alive, created_at, connected_at, heard_at,
                   (SELECT count(*) FROM placement WHERE agent_id = agent.id) AS placements
            FROM agent %s ORDER BY id
            """
                .formatted(condition),
            Tuple.class);
  }

  /**
   * Forgets a node that is away, with its placements: what a deleted router still waited for there
   * is given up. When it comes back it is a new one.
   */
  public Deletion delete(NodeId node) {
    Deletion deletion = QuarkusTransaction.requiringNew().call(() -> deleteDead(node));
    if (deletion == Deletion.DELETED) {
      tombstones.purge();
    }
    return deletion;
  }

  private static Deletion deleteDead(NodeId node) {
    List<Boolean> alive =
        Panache.getSession()
            .createNativeQuery(
                "SELECT lease_until > now() FROM agent WHERE id = :id FOR UPDATE", Boolean.class)
            .setParameter("id", node.value())
            .getResultList();
    if (alive.isEmpty()) {
      return Deletion.NO_SUCH_NODE;
    }
    if (alive.getFirst()) {
      return Deletion.STILL_ALIVE;
    }
    Panache.getSession()
        .createNativeMutationQuery("DELETE FROM agent WHERE id = :id")
        .setParameter("id", node.value())
        .executeUpdate();
    return Deletion.DELETED;
  }

  private static NodeView view(Tuple row) {
    return new NodeView(
        new NodeIdentity(
            new NodeId(row.get("id", UUID.class)),
            row.get("name", String.class),
            row.get("kernel", String.class),
            HelpersJson.read(row.get("helpers", String.class))),
        row.get("alive", Boolean.class),
        row.get("created_at", Instant.class),
        row.get("connected_at", Instant.class),
        row.get("heard_at", Instant.class),
        row.get("placements", Long.class));
  }
}
