package cthelper.store;

import static java.util.stream.Collectors.toMap;

import cthelper.model.ConntrackHelper;
import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.ProjectScope;
import cthelper.model.RouterId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates conntrack helpers in one call of the database, which is a transaction of its own unless
 * the caller has one (ADR 23; {@code V7__create_in_one_call.sql} says what it does). Thread-safe.
 */
@ApplicationScoped
class HelperCreation {

  private static final String CREATE =
      "SELECT * FROM create_conntrack_helpers(?, ?, ?, ?, ?, ?, ?)";

  private final Statements statements;

  HelperCreation(Statements statements) {
    this.statements = statements;
  }

  /** What came of it. */
  sealed interface Outcome {

    /** All of them, in the order they were asked for. */
    record Made(List<ConntrackHelper> helpers, Fence fence) implements Outcome {}

    /** Nothing: this one, which has its port, is there or was asked for before it. */
    record Taken(HelperSpec spec) implements Outcome {}

    /** Nothing: the router would have too many. */
    record TooMany() implements Outcome {}

    /** Nothing: no such router is in reach. */
    record NoRouter() implements Outcome {}
  }

  /** A row of the answer; those of refusals stand alone. */
  private record Row(
      @Nullable Outcome refusal, @Nullable ConntrackHelper made, @Nullable Fence fence) {

    static Row read(ResultSet row) throws SQLException {
      String outcome = row.getString("outcome");
      return switch (outcome) {
        case "made" -> new Row(null, ConntrackHelperRow.read(row), FenceRow.read(row));
        case "taken" -> new Row(new Outcome.Taken(ConntrackHelperRow.spec(row)), null, null);
        case "too-many" -> new Row(new Outcome.TooMany(), null, null);
        default -> throw new IllegalStateException("the database's answer is unknown: " + outcome);
      };
    }

    ConntrackHelper helper() {
      return Objects.requireNonNull(made);
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
    return first.refusal != null
        ? first.refusal
        : new Outcome.Made(inOrder(specs, rows), Objects.requireNonNull(first.fence));
  }

  private static List<ConntrackHelper> inOrder(List<HelperSpec> specs, List<Row> rows) {
    Map<HelperSpec, ConntrackHelper> made =
        rows.stream().map(Row::helper).collect(toMap(ConntrackHelper::spec, Function.identity()));
    return specs.stream().map(spec -> Objects.requireNonNull(made.get(spec))).toList();
  }
}
