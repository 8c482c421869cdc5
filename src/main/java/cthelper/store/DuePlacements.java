package cthelper.store;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What is due: the table is the queue, and this is the only place that reads it as one. */
@ApplicationScoped
class DuePlacements {

  private static final Logger LOG = Logger.getLogger(DuePlacements.class);

  /**
   * One statement, hence one snapshot: fence and helpers belong together. A placement is due when
   * the node has not answered yet about the fence of its router, or when its retry time has come;
   * one whose router is unknown never is.
   */
  @Transactional
  List<DueWork> due(Collection<NodeId> nodes, int limit) {
    List<Tuple> rows =
        Panache.getSession()
            .createNativeQuery(
                """
                WITH due AS (
                  SELECT p.agent_id, p.namespace, p.router_id, p.attempts, p.retry_at,
                         installation.id AS installation, installation.epoch, router.fence
                  FROM installation, placement p JOIN router ON router.id = p.router_id
                  WHERE p.agent_id = ANY (:nodes)
                    AND (p.retry_at <= now()
                      OR p.answered_fence IS NULL
                      OR (p.answered_epoch, p.answered_fence) < (installation.epoch, router.fence))
                  ORDER BY p.retry_at NULLS FIRST, p.agent_id, p.namespace
                  LIMIT :limit)
                SELECT due.*, h.id AS helper_id, h.revision_number, h.protocol, h.port, h.helper
                FROM due LEFT JOIN conntrack_helper h ON h.router_id = due.router_id
                ORDER BY due.retry_at NULLS FIRST, due.agent_id, due.namespace
                """,
                Tuple.class)
            .setParameter("nodes", ids(nodes))
            .setParameter("limit", limit)
            .getResultList();
    Map<Placement, List<Tuple>> byPlacement = new LinkedHashMap<>();
    for (Tuple row : rows) {
      byPlacement.computeIfAbsent(placement(row), key -> new ArrayList<>()).add(row);
    }
    return byPlacement.entrySet().stream().map(DuePlacements::work).toList();
  }

  private static DueWork work(Map.Entry<Placement, List<Tuple>> rows) {
    Placement placement = rows.getKey();
    Tuple first = rows.getValue().getFirst();
    List<DesiredHelper> helpers =
        rows.getValue().stream().flatMap(row -> helper(row).stream()).toList();
    return new DueWork(
        placement,
        new DesiredState(placement.router(), FenceRow.of(first), helpers),
        first.get("attempts", Integer.class));
  }

  private static Placement placement(Tuple row) {
    return new Placement(
        new RouterId(row.get("router_id", UUID.class)),
        new NodeId(row.get("agent_id", UUID.class)),
        row.get("namespace", String.class));
  }

  /**
   * The helper of this row; none where the router has none. One whose type only a newer version of
   * this service knows is left out: it must not keep the router's others from the kernel.
   */
  private static Optional<DesiredHelper> helper(Tuple row) {
    UUID id = row.get("helper_id", UUID.class);
    if (id == null) {
      return Optional.empty();
    }
    Optional<HelperType> type =
        ConntrackHelperRow.typeOf(
            row.get("helper", String.class), row.get("protocol", String.class));
    if (type.isEmpty()) {
      LOG.warnf("conntrack helper left out, its type is unknown to this version: helper=%s", id);
    }
    return type.map(known ->
        new DesiredHelper(
            id,
            row.get("revision_number", Long.class),
            new HelperSpec(known, row.get("port", Integer.class))));
  }

  /** Zero when the time has come already; nothing when none of the nodes has anything to retry. */
  @Transactional
  Optional<Duration> untilNextRetry(Collection<NodeId> nodes) {
    return Panache.getSession()
        .createNativeQuery(
            """
            SELECT cast(ceil(1000 * greatest(0, extract(epoch FROM min(p.retry_at) - now())))
              AS bigint)
            FROM placement p JOIN router ON router.id = p.router_id
            WHERE p.agent_id = ANY (:nodes) AND p.retry_at IS NOT NULL
            HAVING count(*) > 0
            """,
            Long.class)
        .setParameter("nodes", ids(nodes))
        .uniqueResultOptional()
        .map(Duration::ofMillis);
  }

  @Transactional
  void askAgain(Collection<NodeId> nodes) {
    Panache.getSession()
        .createNativeMutationQuery(
            "UPDATE placement SET retry_at = now() WHERE agent_id = ANY (:nodes)")
        .setParameter("nodes", ids(nodes))
        .executeUpdate();
  }

  /** Nothing, at a new fence, for a router that has no row; a tombstone is one. */
  @Transactional
  Optional<DesiredState> ifUnknown(RouterId router) {
    return Panache.getSession()
        .createNativeQuery(
            """
            SELECT installation.id AS installation, installation.epoch, nextval('fence') AS fence
            FROM installation
            WHERE NOT EXISTS (SELECT FROM router WHERE router.id = :router)
            """,
            Tuple.class)
        .setParameter("router", router.value())
        .uniqueResultOptional()
        .map(row -> new DesiredState(router, FenceRow.of(row), List.of()));
  }

  private static UUID[] ids(Collection<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).toArray(UUID[]::new);
  }
}
