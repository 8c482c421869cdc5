package cthelper.store;

import cthelper.model.ConntrackHelper;
import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.HelperStatus;
import cthelper.model.PlacementView;
import cthelper.model.ProjectScope;
import cthelper.model.ReportedHelper;
import cthelper.model.RouterId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Creates conntrack helpers in one call of the database, which is a transaction of its own unless
 * the caller has one (ADR 23; {@code V7__create_in_one_call.sql} says what it does). Thread-safe.
 */
@ApplicationScoped
class HelperCreation {

  /** With the placements of the router, as they were before, beside the first one. */
  private static final String CREATE =
      "SELECT h.*, "
          + PlacementViews.COLUMNS_FOR_NEW
          + """
          FROM create_conntrack_helpers(?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY AS h (
              id, router_id, protocol, port, helper, revision_number, created_at, updated_at,
              installation, epoch, fence, outcome, place)
            LEFT JOIN (placement p JOIN agent ON agent.id = p.agent_id)
              ON p.router_id = h.router_id AND h.place = 1
          """
          + PlacementViews.ORDER;

  private final Statements statements;

  HelperCreation(Statements statements) {
    this.statements = statements;
  }

  /** What came of it. */
  sealed interface Outcome {

    /** All of them, in the order they were asked for. */
    record Made(List<ReportedHelper> helpers, Fence fence) implements Outcome {}

    /** Nothing: this one, which has its port, is there or was asked for before it. */
    record Taken(HelperSpec spec) implements Outcome {}

    /** Nothing: the router would have too many. */
    record TooMany() implements Outcome {}

    /** Nothing: no such router is in reach. */
    record NoRouter() implements Outcome {}
  }

  /** A row of the answer: a helper that was made, or a refusal. */
  private record Row(
      Optional<Outcome> refusal,
      Optional<ConntrackHelper> made,
      Optional<Fence> fence,
      Optional<PlacementView> view) {

    static Row read(ResultSet row) throws SQLException {
      String outcome = row.getString("outcome");
      return switch (outcome) {
        case "made" ->
            new Row(
                Optional.empty(),
                Optional.of(ConntrackHelperRow.read(row)),
                Optional.of(FenceRow.read(row)),
                PlacementViews.ifAnyForNew(row));
        case "taken" -> refused(new Outcome.Taken(ConntrackHelperRow.spec(row)));
        case "too-many" -> refused(new Outcome.TooMany());
        default -> throw new IllegalStateException("the database's answer is unknown: " + outcome);
      };
    }

    private static Row refused(Outcome why) {
      return new Row(Optional.of(why), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /**
   * All of them or none, as one change of the router.
   *
   * @param most how many the router may have
   */
  Outcome create(ProjectScope scope, RouterId router, List<HelperSpec> specs, int most) {
    List<Row> rows =
        statements.list(
            CREATE,
            Row::read,
            router.value(),
            scope.everybody(),
            scope.projectId(),
            specs.stream().map(spec -> spec.protocol().wireName()).toArray(String[]::new),
            specs.stream().map(HelperSpec::port).toArray(Integer[]::new),
            specs.stream().map(spec -> spec.type().name()).toArray(String[]::new),
            most);
    if (rows.isEmpty()) {
      return new Outcome.NoRouter();
    }
    Row first = rows.getFirst();
    return first.refusal.orElseGet(
        () -> new Outcome.Made(inOrder(specs, rows), first.fence.orElseThrow()));
  }

  private static List<ReportedHelper> inOrder(List<HelperSpec> specs, List<Row> rows) {
    List<PlacementView> views = rows.stream().flatMap(row -> row.view.stream()).toList();
    Map<HelperSpec, ReportedHelper> made = new HashMap<>();
    for (Row row : rows) {
      ConntrackHelper helper = row.made.orElseThrow();
      made.computeIfAbsent(
          helper.spec(), _ -> new ReportedHelper(helper, HelperStatus.of(helper, views)));
    }
    return specs.stream().map(spec -> Objects.requireNonNull(made.get(spec))).toList();
  }
}
