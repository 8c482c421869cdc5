package cthelper.store;

import static java.util.stream.Collectors.groupingBy;

import cthelper.model.ConntrackHelper;
import cthelper.model.HelperStatus;
import cthelper.model.PlacementView;
import cthelper.model.ProjectScope;
import cthelper.model.ReportedHelper;
import cthelper.model.RouterId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Reads one conntrack helper with its status for each who asks, those that are asked for at the
 * same time in one statement (ADR 27): each sees all that was committed before he asked. Not to be
 * called in a transaction. Thread-safe.
 */
@ApplicationScoped
class HelperShows {

  /**
   * Helper and placements of one moment, and only where the router is in reach. {@code OFFSET 0}
   * keeps each question to a few steps along indexes, whatever the planner thinks of the tables.
   */
  private static final String READ =
      "SELECT found.*, number"
          + " FROM unnest(?, ?, ?, ?)"
          + " WITH ORDINALITY AS wanted (router, helper, everybody, project, number)"
          + " CROSS JOIN LATERAL (SELECT "
          + ConntrackHelperRow.COLUMNS_OF_H
          + ", "
          + PlacementViews.COLUMNS
          + """
          FROM installation, conntrack_helper h
            JOIN router ON router.id = h.router_id AND router.deleted_at IS NULL
            LEFT JOIN (placement p JOIN agent ON agent.id = p.agent_id)
              ON p.router_id = h.router_id
          WHERE h.router_id = wanted.router AND h.id = wanted.helper
            AND (wanted.everybody OR router.project_id = wanted.project)
          OFFSET 0) AS found
          ORDER BY number, node_name, agent_id, namespace
          """;

  private static final int MOST = 32;

  /** So that one that hangs does not hold up all the others. */
  static final int TURNS = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private record Wanted(ProjectScope scope, RouterId router, UUID helper) {}

  /** A conntrack helper, in as many rows as its router has placements, or in one. */
  private record Row(int number, ConntrackHelper helper, Optional<PlacementView> view) {

    static Row read(ResultSet row) throws SQLException {
      return new Row(row.getInt("number"), ConntrackHelperRow.read(row), PlacementViews.ifAny(row));
    }
  }

  private final Statements statements;
  private final Together<Wanted, Optional<ReportedHelper>> together =
      new Together<>(this::readAll, MOST, TURNS, PATIENCE);

  HelperShows(Statements statements) {
    this.statements = statements;
  }

  /** One of a router in reach. */
  Optional<ReportedHelper> find(ProjectScope scope, RouterId router, UUID helper) {
    return together.apply(new Wanted(scope, router, helper));
  }

  /** How many wait until others have been answered. */
  int waiting() {
    return together.waiting();
  }

  private List<Optional<ReportedHelper>> readAll(List<Wanted> all) {
    Map<Integer, List<Row>> found =
        statements
            .list(
                READ,
                Row::read,
                Statements.column(all, it -> it.router.value(), UUID[]::new),
                Statements.column(all, Wanted::helper, UUID[]::new),
                Statements.column(all, it -> it.scope.everybody(), Boolean[]::new),
                Statements.column(all, it -> it.scope.projectId(), String[]::new))
            .stream()
            .collect(groupingBy(Row::number));
    return IntStream.rangeClosed(1, all.size())
        .mapToObj(number -> reported(found.getOrDefault(number, List.of())))
        .toList();
  }

  private static Optional<ReportedHelper> reported(List<Row> rows) {
    List<PlacementView> views = rows.stream().flatMap(row -> row.view.stream()).toList();
    return rows.stream()
        .findFirst()
        .map(row -> new ReportedHelper(row.helper, HelperStatus.of(row.helper, views)));
  }
}
