package cthelper.store;

import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Which nodes there are, until when they count as alive, and which namespaces they report. */
@ApplicationScoped
class Inventory {

  private final Event<RouterChanged> changed;
  private final Statements statements;
  private final ThisReplica replica;

  Inventory(Event<RouterChanged> changed, Statements statements, ThisReplica replica) {
    this.changed = changed;
    this.statements = statements;
    this.replica = replica;
  }

  @Transactional
  NodeSession connected(
      NodeIdentity node, UUID process, Duration lease, List<ReportedNamespace> namespaces) {
    NodeSession session = new NodeSession(node.id(), enlist(node, process, lease));
    removeAllBut(node.id(), namespaces);
    place(session, namespaces);
    return session;
  }

  /** Sessions are drawn under the lock of the node's row, so the last one to come is the newest. */
  private long enlist(NodeIdentity node, UUID process, Duration lease) {
    return Panache.getSession()
        .createNativeQuery(
            """
            INSERT INTO agent (id, name, kernel, helpers, lease_until, process, session, replica)
            VALUES (:id, :name, :kernel, cast(:helpers AS jsonb),
                    now() + :leaseMillis * interval '1 millisecond', :process,
                    nextval('node_session'), :replica)
            ON CONFLICT (id) DO UPDATE SET
              name = excluded.name,
              kernel = excluded.kernel,
              helpers = excluded.helpers,
              connected_at = now(),
              heard_at = now(),
              lease_until = excluded.lease_until,
              session = nextval('node_session'),
              replica = excluded.replica,
              process = excluded.process,
              replaced = CASE
                WHEN agent.process IS NULL OR agent.process = excluded.process THEN agent.replaced
                ELSE (agent.process || agent.replaced)[1:8] END,
              swapped_at = CASE
                WHEN agent.process <> excluded.process AND excluded.process = ANY (agent.replaced)
                THEN (now() || agent.swapped_at)[1:3]
                ELSE agent.swapped_at END
            RETURNING session
            """,
            Long.class)
        .setParameter("id", node.id().value())
        .setParameter("name", node.name())
        .setParameter("kernel", node.kernel())
        .setParameter("helpers", HelpersJson.write(node.helpers()))
        .setParameter("leaseMillis", lease.toMillis())
        .setParameter("process", process)
        .setParameter("replica", replica.id())
        .getSingleResult();
  }

  /** What is not in the list is gone; so is a namespace whose name now belongs to another one. */
  private static void removeAllBut(NodeId node, List<ReportedNamespace> namespaces) {
    Panache.getSession()
        .createNativeMutationQuery(
            """
            DELETE FROM placement
            WHERE agent_id = :node
              AND (namespace, cookie) NOT IN (
                SELECT * FROM unnest(cast(:names AS text[]), cast(:cookies AS bigint[])))
            """)
        .setParameter("node", node.value())
        .setParameter("names", names(namespaces))
        .setParameter("cookies", cookies(namespaces))
        .executeUpdate();
  }

  /**
   * Every one becomes due now, so that the first exchange is a full comparison; what was proven
   * before is proven no more, since anything may have happened while nobody heard the node.
   */
  private static void place(NodeSession session, List<ReportedNamespace> namespaces) {
    Panache.getSession()
        .createNativeMutationQuery(
            """
            INSERT INTO placement
              (agent_id, namespace, cookie, router_id, adoptable, retry_at, session)
            SELECT :node, reported.*, now(), :session
            FROM unnest(
              cast(:names AS text[]), cast(:cookies AS bigint[]),
              cast(:routers AS uuid[]), cast(:adoptables AS boolean[])) AS reported
            ON CONFLICT (agent_id, namespace) DO UPDATE SET
              router_id = excluded.router_id,
              adoptable = excluded.adoptable,
              observed_epoch = NULL, observed_fence = NULL, verdicts = '[]',
              failure_reason = NULL, failure_detail = '',
              retry_at = now(), session = excluded.session
            """)
        .setParameter("node", session.node().value())
        .setParameter("session", session.number())
        .setParameter("names", names(namespaces))
        .setParameter("cookies", cookies(namespaces))
        .setParameter(
            "routers",
            namespaces.stream().map(found -> found.router().value()).toArray(UUID[]::new))
        .setParameter(
            "adoptables",
            namespaces.stream().map(ReportedNamespace::adoptable).toArray(Boolean[]::new))
        .executeUpdate();
  }

  private static String[] names(List<ReportedNamespace> namespaces) {
    return namespaces.stream().map(ReportedNamespace::name).toArray(String[]::new);
  }

  private static Long[] cookies(List<ReportedNamespace> namespaces) {
    return namespaces.stream().map(ReportedNamespace::cookie).toArray(Long[]::new);
  }

  /** In one statement, whose rows are locked in one order: replicas do it at the same time. */
  Set<NodeSession> extendLeases(Map<NodeSession, NodeIdentity> nodes, Duration lease) {
    List<Map.Entry<NodeSession, NodeIdentity>> all = List.copyOf(nodes.entrySet());
    return Set.copyOf(
        statements.list(
            """
            WITH heard AS (
              SELECT agent.id, alive.helpers
              FROM unnest(?, ?, ?) AS alive (id, session, helpers)
                JOIN agent ON agent.id = alive.id AND agent.session = alive.session
              ORDER BY agent.id
              FOR UPDATE OF agent)
            UPDATE agent
            SET lease_until = now() + ? * interval '1 millisecond', heard_at = now(),
                helpers = cast(heard.helpers AS jsonb)
            FROM heard WHERE agent.id = heard.id
            RETURNING agent.id, agent.session
            """,
            row -> new NodeSession(new NodeId(row.getObject(1, UUID.class)), row.getLong(2)),
            all.stream().map(one -> one.getKey().node().value()).toArray(UUID[]::new),
            all.stream().map(one -> one.getKey().number()).toArray(Long[]::new),
            all.stream()
                .map(one -> HelpersJson.write(one.getValue().helpers()))
                .toArray(String[]::new),
            lease.toMillis()));
  }

  @Transactional
  void endLease(NodeSession session) {
    Panache.getSession()
        .createNativeMutationQuery(
            "UPDATE agent SET lease_until = now() WHERE id = :id AND session = :session")
        .setParameter("id", session.node().value())
        .setParameter("session", session.number())
        .executeUpdate();
  }

  /** Of whichever session. */
  @Transactional
  void endLease(NodeId node) {
    Panache.getSession()
        .createNativeMutationQuery("UPDATE agent SET lease_until = now() WHERE id = :id")
        .setParameter("id", node.value())
        .executeUpdate();
  }

  @Transactional
  void appeared(NodeSession session, ReportedNamespace namespace) {
    if (!isNewest(session)) {
      return;
    }
    Panache.getSession()
        .createNativeMutationQuery(
            """
            DELETE FROM placement
            WHERE agent_id = :node AND namespace = :name AND cookie <> :cookie
            """)
        .setParameter("node", session.node().value())
        .setParameter("name", namespace.name())
        .setParameter("cookie", namespace.cookie())
        .executeUpdate();
    place(session, List.of(namespace));
  }

  /** Until the end of the transaction no newer one begins. */
  private static boolean isNewest(NodeSession session) {
    return !Panache.getSession()
        .createNativeQuery(
            "SELECT session FROM agent WHERE id = :id AND session = :session FOR SHARE", Long.class)
        .setParameter("id", session.node().value())
        .setParameter("session", session.number())
        .getResultList()
        .isEmpty();
  }

  @Transactional
  void vanished(NodeSession session, String namespace) {
    Panache.getSession()
        .createNativeMutationQuery(
            """
            DELETE FROM placement
            WHERE agent_id = :node AND namespace = :name AND session = :session
            """)
        .setParameter("node", session.node().value())
        .setParameter("session", session.number())
        .setParameter("name", namespace)
        .executeUpdate();
  }

  /** A tombstone is a row too, so a deleted router is not adopted while it still has namespaces. */
  @Transactional
  List<RouterId> adopt(NodeId node, String projectId) {
    List<RouterId> adopted =
        Panache.getSession()
            .createNativeQuery(
                """
                INSERT INTO router (id, project_id, description, origin, fence)
                SELECT router_id, :project, 'adopted from namespace ' || namespace, 'adopted',
                       nextval('fence')
                FROM placement
                WHERE agent_id = :node AND adoptable
                  AND NOT EXISTS (SELECT FROM router WHERE router.id = placement.router_id)
                ORDER BY router_id
                ON CONFLICT (id) DO NOTHING
                RETURNING id
                """,
                UUID.class)
            .setParameter("project", projectId)
            .setParameter("node", node.value())
            .getResultList()
            .stream()
            .map(RouterId::new)
            .toList();
    adopted.forEach(router -> changed.fire(new RouterChanged(router)));
    return adopted;
  }
}
