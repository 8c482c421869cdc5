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
import cthelper.model.Verdict;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Placements as users are told about them. */
@ApplicationScoped
class PlacementViews {

  private static final String DUPLICATE =
      "two processes take turns with this node's id, since one's data directory is a copy: stop one"
          + " and delete node/id in its data directory";

  /** What {@link #ifAnyForNew} reads of the tables {@code placement p} and {@code agent}. */
  static final String COLUMNS_FOR_NEW =
      """
      p.router_id, p.agent_id, p.namespace, p.failure_reason, p.failure_detail,
      agent.name AS node_name, agent.lease_until > now() AS node_alive,
      coalesce(agent.swapped_at[3] > now() - interval '1 minute', false) AS node_duplicate
      """;

  /** All, also of the table {@code installation}. */
  static final String COLUMNS =
      COLUMNS_FOR_NEW
          + """
          , p.observed_epoch, p.observed_fence, p.verdicts,
          p.drift_repairs, p.drift_at, p.drift_what, p.drift_program, p.drift_pid,
          installation.id AS installation
          """;

  static final String ORDER = "ORDER BY agent.name, p.agent_id, p.namespace";

  private final Statements statements;

  PlacementViews(Statements statements) {
    this.statements = statements;
  }

  /** The router's placements, ordered by node and namespace. */
  List<PlacementView> of(RouterId router) {
    return of(Set.of(router)).getOrDefault(router, List.of());
  }

  /** No entry for a router without any. */
  Map<RouterId, List<PlacementView>> of(Collection<RouterId> routers) {
    return statements
        .list(
            "SELECT "
                + COLUMNS
                + """
                FROM installation, placement p JOIN agent ON agent.id = p.agent_id
                WHERE p.router_id = ANY (?)
                """
                + ORDER,
            PlacementViews::view,
            (Object) routers.stream().map(RouterId::value).toArray(UUID[]::new))
        .stream()
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
                WHEN p.is_refused THEN 'REFUSED'
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

  /** The one that an outer join has found, if it has. */
  static Optional<PlacementView> ifAny(ResultSet row) throws SQLException {
    return row.getObject("agent_id") == null ? Optional.empty() : Optional.of(view(row));
  }

  /** The same for a helper that is being made, about which no verdict can be there yet. */
  static Optional<PlacementView> ifAnyForNew(ResultSet row) throws SQLException {
    return row.getObject("agent_id") == null
        ? Optional.empty()
        : Optional.of(view(row, null, Map.of(), PlacementDrift.NONE));
  }

  private static PlacementView view(ResultSet row) throws SQLException {
    return view(
        row,
        observed(row),
        PlacementView.byHelper(VerdictJson.read(row.getString("verdicts"))),
        drift(row));
  }

  /** Of two processes that take a node's id from each other nobody knows which one is right. */
  private static PlacementView view(
      ResultSet row, @Nullable Fence observed, Map<UUID, Verdict> verdicts, PlacementDrift drift)
      throws SQLException {
    boolean isDuplicate = row.getBoolean("node_duplicate");
    return new PlacementView(
        new Placement(
            new RouterId(row.getObject("router_id", UUID.class)),
            new NodeId(row.getObject("agent_id", UUID.class)),
            row.getString("namespace")),
        row.getString("node_name"),
        row.getBoolean("node_alive"),
        observed,
        isDuplicate ? Map.of() : verdicts,
        isDuplicate ? Reason.DUPLICATE_NODE : VerdictJson.reason(row.getString("failure_reason")),
        isDuplicate ? DUPLICATE : row.getString("failure_detail"),
        drift);
  }

  private static PlacementDrift drift(ResultSet row) throws SQLException {
    OffsetDateTime at = row.getObject("drift_at", OffsetDateTime.class);
    return new PlacementDrift(
        row.getLong("drift_repairs"),
        at == null ? null : at.toInstant(),
        row.getString("drift_what"),
        row.getString("drift_program"),
        row.getLong("drift_pid"));
  }

  private static @Nullable Fence observed(ResultSet row) throws SQLException {
    Long number = row.getObject("observed_fence", Long.class);
    return number == null
        ? null
        : new Fence(
            row.getObject("installation", UUID.class), row.getInt("observed_epoch"), number);
  }
}
