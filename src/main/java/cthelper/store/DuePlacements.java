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
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What is due: the table is the queue, and this is the only place that reads it as one. */
@ApplicationScoped
class DuePlacements {

  private static final Logger LOG = Logger.getLogger(DuePlacements.class);

  /** A placement and its router are due for one of three reasons. */
  private static final String DUE =
      """
      WITH due AS (
        SELECT p.agent_id, p.namespace, p.router_id, p.attempts, p.retry_at,
               installation.id AS installation, installation.epoch, router.fence
        FROM installation, placement p JOIN router ON router.id = p.router_id
        WHERE (p.retry_at <= now()
            OR p.answered_fence IS NULL
            OR (p.answered_epoch, p.answered_fence) < (installation.epoch, router.fence))
      """;

  private static final String OF_ROUTERS =
      """
      AND p.router_id = ANY (?)
      AND (SELECT replica FROM agent WHERE agent.id = p.agent_id) = ?
      """;

  private static final String FIRST =
      "ORDER BY p.retry_at NULLS FIRST, p.agent_id, p.namespace LIMIT ?";

  /**
   * Of each router for itself, by an index: how many are due the planner cannot know, and if it
   * takes them for many it reads all helpers there are. One row for each placement: a row for each
   * helper costs more than the helper.
   */
  private static final String WITH_HELPERS =
      """
      )
      SELECT due.*, h.*
      FROM due CROSS JOIN LATERAL (
          SELECT array_agg(id) AS ids, array_agg(revision_number) AS revisions,
            array_agg(protocol) AS protocols, array_agg(port) AS ports, array_agg(helper) AS helpers
          FROM conntrack_helper WHERE conntrack_helper.router_id = due.router_id) AS h
      ORDER BY due.retry_at NULLS FIRST, due.agent_id, due.namespace
      """;

  private final Statements statements;
  private final ThisReplica replica;

  DuePlacements(Statements statements, ThisReplica replica) {
    this.statements = statements;
    this.replica = replica;
  }

  /**
   * One statement, hence one snapshot: fence and helpers belong together. A placement is due when
   * the node has not answered yet about the fence of its router, or when its retry time has come;
   * one whose router is unknown never is.
   */
  List<DueWork> due(Collection<NodeId> nodes, int limit) {
    return statements.list(
        DUE + "AND p.agent_id = ANY (?)\n" + FIRST + WITH_HELPERS,
        DuePlacements::read,
        ids(nodes),
        limit);
  }

  /**
   * The same in the placements of these routers, whose number decides what it costs. Of the nodes
   * that came to this process last: to name those that are still connected takes longer than to
   * read.
   */
  List<DueWork> due(Set<RouterId> routers, int limit) {
    return statements.list(
        DUE + OF_ROUTERS + FIRST + WITH_HELPERS,
        DuePlacements::read,
        routers.stream().map(RouterId::value).toArray(UUID[]::new),
        replica.id(),
        limit);
  }

  private static DueWork read(ResultSet row) throws SQLException {
    Placement placement =
        new Placement(
            new RouterId(row.getObject("router_id", UUID.class)),
            new NodeId(row.getObject("agent_id", UUID.class)),
            row.getString("namespace"));
    DesiredState desired = new DesiredState(placement.router(), FenceRow.read(row), helpers(row));
    return new DueWork(placement, desired, row.getInt("attempts"));
  }

  /** All of the router; an aggregate of none is null. */
  private static List<DesiredHelper> helpers(ResultSet row) throws SQLException {
    @Nullable Array any = row.getArray("ids");
    if (any == null) {
      return List.of();
    }
    UUID[] ids = (UUID[]) any.getArray();
    Long[] revisions = (Long[]) row.getArray("revisions").getArray();
    String[] protocols = (String[]) row.getArray("protocols").getArray();
    Integer[] ports = (Integer[]) row.getArray("ports").getArray();
    String[] types = (String[]) row.getArray("helpers").getArray();
    List<DesiredHelper> helpers = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      Optional<HelperType> type = typeOf(ids[i], types[i], protocols[i]);
      if (type.isPresent()) {
        HelperSpec spec = new HelperSpec(type.orElseThrow(), ports[i]);
        helpers.add(new DesiredHelper(ids[i], revisions[i], spec));
      }
    }
    return helpers;
  }

  /**
   * A helper whose type only a newer version of this service knows is left out: it must not keep
   * the router's others from the kernel.
   */
  private static Optional<HelperType> typeOf(UUID id, String helper, String protocol) {
    Optional<HelperType> type = ConntrackHelperRow.typeOf(helper, protocol);
    if (type.isEmpty()) {
      LOG.warnf("conntrack helper left out, its type is unknown to this version: helper=%s", id);
    }
    return type;
  }

  /**
   * Zero when the time has come a moment ago, which who looked for what is due a moment ago may not
   * have seen; nothing when none of the nodes has anything to retry later.
   */
  Optional<Duration> untilNextRetry(Collection<NodeId> nodes) {
    return statements.find(
        """
        SELECT cast(ceil(1000 * greatest(0, extract(epoch FROM min(p.retry_at) - now())))
          AS bigint)
        FROM placement p JOIN router ON router.id = p.router_id
        WHERE p.agent_id = ANY (?) AND p.retry_at > now() - interval '100 milliseconds'
        HAVING count(*) > 0
        """,
        row -> Duration.ofMillis(row.getLong(1)),
        (Object) ids(nodes));
  }

  @Transactional
  void askAgain(Collection<NodeId> nodes) {
    Panache.getSession()
        .createNativeMutationQuery(
            """
            WITH locked AS (
              SELECT agent_id, namespace FROM placement WHERE agent_id = ANY (:nodes)
              ORDER BY agent_id, namespace
              FOR NO KEY UPDATE)
            UPDATE placement p SET retry_at = now()
            FROM locked WHERE p.agent_id = locked.agent_id AND p.namespace = locked.namespace
            """)
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
