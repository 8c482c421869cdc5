package cthelper.store;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import cthelper.model.Fence;
import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.model.PlacementDrift;
import cthelper.model.PlacementView;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Placements as users are told about them. */
@ApplicationScoped
class PlacementViews {

  private static final String DUPLICATE =
      "two processes take turns with this node's id, since one's data directory is a copy: stop one"
          + " and delete node/id in its data directory";

  /** The router's placements, ordered by node and namespace. */
  @Transactional
  List<PlacementView> of(RouterId router) {
    return of(Set.of(router)).getOrDefault(router, List.of());
  }

  /** No entry for a router without any. */
  @Transactional
  Map<RouterId, List<PlacementView>> of(Collection<RouterId> routers) {
    return Panache.getSession()
        .createNativeQuery(
            """
            SELECT p.router_id, p.agent_id, p.namespace, p.observed_epoch, p.observed_fence,
                   cast(p.verdicts AS text) AS verdicts, p.failure_reason, p.failure_detail,
                   p.drift_repairs, p.drift_at, p.drift_what, p.drift_program, p.drift_pid,
                   agent.name AS node_name, agent.lease_until > now() AS node_alive,
                   coalesce(agent.swapped_at[3] > now() - interval '1 minute', false)
                     AS node_duplicate,
                   installation.id AS installation
            FROM installation, placement p JOIN agent ON agent.id = p.agent_id
            WHERE p.router_id = ANY (:routers)
            ORDER BY agent.name, p.agent_id, p.namespace
            """,
            Tuple.class)
        .setParameter("routers", routers.stream().map(RouterId::value).toArray(UUID[]::new))
        .getResultList()
        .stream()
        .map(PlacementViews::view)
        .collect(groupingBy(view -> view.placement().router()));
  }

  @Transactional
  Map<PlacementState, Long> census() {
    return Panache.getSession()
        .createNativeQuery(
            """
            SELECT CASE
                WHEN agent.lease_until <= now() THEN 'UNREACHABLE'
                WHEN p.failure_reason IS NOT NULL THEN 'FAILED'
                WHEN p.observed_fence IS NULL
                  OR (p.observed_epoch, p.observed_fence) < (installation.epoch, router.fence)
                  THEN 'PENDING'
                WHEN jsonb_path_exists(p.verdicts, '$[*].reason') THEN 'REFUSED'
                ELSE 'PROVEN' END AS state,
              count(*) AS placements
            FROM installation, placement p
              JOIN router ON router.id = p.router_id
              JOIN agent ON agent.id = p.agent_id
            GROUP BY state
            """,
            Tuple.class)
        .getResultList()
        .stream()
        .collect(
            toMap(
                row -> PlacementState.valueOf(row.get("state", String.class)),
                row -> row.get("placements", Long.class)));
  }

  /** Of two processes that take a node's id from each other nobody knows which one is right. */
  private static PlacementView view(Tuple row) {
    boolean isDuplicate = row.get("node_duplicate", Boolean.class);
    return new PlacementView(
        new Placement(
            new RouterId(row.get("router_id", UUID.class)),
            new NodeId(row.get("agent_id", UUID.class)),
            row.get("namespace", String.class)),
        row.get("node_name", String.class),
        row.get("node_alive", Boolean.class),
        observed(row),
        isDuplicate
            ? Map.of()
            : PlacementView.byHelper(VerdictJson.read(row.get("verdicts", String.class))),
        isDuplicate
            ? Reason.DUPLICATE_NODE
            : VerdictJson.reason(row.get("failure_reason", String.class)),
        isDuplicate ? DUPLICATE : row.get("failure_detail", String.class),
        drift(row));
  }

  private static PlacementDrift drift(Tuple row) {
    return new PlacementDrift(
        row.get("drift_repairs", Long.class),
        row.get("drift_at", Instant.class),
        row.get("drift_what", String.class),
        row.get("drift_program", String.class),
        row.get("drift_pid", Long.class));
  }

  private static @Nullable Fence observed(Tuple row) {
    Long number = row.get("observed_fence", Long.class);
    return number == null
        ? null
        : new Fence(
            row.get("installation", UUID.class), row.get("observed_epoch", Integer.class), number);
  }
}
