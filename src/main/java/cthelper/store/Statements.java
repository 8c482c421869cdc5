package cthelper.store;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Statements whose rows are read as they come, for what is asked most often: there Hibernate and a
 * transaction cost more than all the rest of an answer (ADR 18). They belong to the caller's
 * transaction, on the connection that Hibernate uses in it; without one, each is on its own.
 * Thread-safe.
 */
@ApplicationScoped
public class Statements {

  /** Makes something of the row the cursor is on. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Instance<AgroalDataSource> database;
  private final LongAdder executed = new LongAdder();

  /**
   * @param database there is none to be injected where none is used
   */
  Statements(Instance<AgroalDataSource> database) {
    this.database = database;
  }

  /**
   * All rows, in the statement's order.
   *
   * @param parameters for the question marks: UUID, String, Integer, Long, Boolean, or an array of
   *     UUID, String, Integer, Long or Boolean
   * @throws PersistenceException when the database refuses or is away (see {@link DatabaseTrouble})
   */
  <T> List<T> list(String sql, Reader<T> reader, Object... parameters) {
    executed.increment();
    try (Connection connection = database.get().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, bindable(connection, parameters[i]));
      }
      try (ResultSet row = statement.executeQuery()) {
        List<T> all = new ArrayList<>();
        while (row.next()) {
          all.add(reader.read(row));
        }
        return all;
      }
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  /** The only row, if there is one. */
  <T> Optional<T> find(String sql, Reader<T> reader, Object... parameters) {
    List<T> all = list(sql, reader, parameters);
    if (all.size() > 1) {
      throw new IllegalStateException("more than one row: " + sql);
    }
    return all.stream().findFirst();
  }

  /** How many there were since the start. */
  public long executed() {
    return executed.sum();
  }

  /** A parameter that has a value of each of these, for {@code unnest}. */
  static <E, T> T[] column(List<E> some, Function<E, T> value, IntFunction<T[]> array) {
    return some.stream().map(value).toArray(array);
  }

  private static Object bindable(Connection connection, Object parameter) throws SQLException {
    return switch (parameter) {
      case UUID[] some -> connection.createArrayOf("uuid", some);
      case String[] some -> connection.createArrayOf("text", some);
      case Integer[] some -> connection.createArrayOf("int4", some);
      case Long[] some -> connection.createArrayOf("int8", some);
      case Boolean[] some -> connection.createArrayOf("bool", some);
      default -> parameter;
    };
  }
}
