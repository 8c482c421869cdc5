package cthelper.store;

import cthelper.model.RouterId;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * How the replicas of one database tell each other that something may be due: NOTIFY, outside of
 * the transactions that changed it, where it would make them wait for each other. It only wakes;
 * losing one costs delay, never correctness. Thread-safe.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-notify.html">NOTIFY</a>
 */
@ApplicationScoped
public class DueChannel {

  private static final Logger LOG = Logger.getLogger(DueChannel.class);

  private static final String NAME = "conntrack_helper_due";

  /** Nobody waits for the disk: who has not heard of it when the database fails looks anyway. */
  private static final String TELL =
      "SELECT set_config('synchronous_commit', 'off', true), pg_notify('" + NAME + "', ?)";

  private final Statements statements;
  private final Instance<AgroalDataSource> database;
  private final String self;

  DueChannel(Statements statements, Instance<AgroalDataSource> database, ThisReplica replica) {
    this.statements = statements;
    this.database = database;
    this.self = replica.id().toString();
  }

  /**
   * Tells all others where something may be due.
   *
   * @throws PersistenceException when the database is away
   */
  public void tell(MaybeDue due) {
    statements.list(TELL, _ -> self, written(due));
  }

  /** Who says it and the routers, if it is about some: at most 7,437 of 7,999 characters. */
  private String written(MaybeDue due) {
    return due.any()
        ? self
        : due.routers().stream()
            .map(RouterId::toString)
            .collect(Collectors.joining(" ", self + " ", ""));
  }

  /** One that is not understood, of a version to come, is about everything. */
  private MaybeDue read(String message) {
    List<String> words = List.of(message.split(" ", -1));
    if (words.getFirst().equals(self)) {
      return MaybeDue.in(Set.of());
    }
    Set<RouterId> routers = new HashSet<>();
    for (String word : words.subList(1, words.size())) {
      Optional<RouterId> router = RouterId.parse(word);
      if (router.isEmpty()) {
        return MaybeDue.ANYWHERE;
      }
      routers.add(router.orElseThrow());
    }
    return routers.isEmpty() ? MaybeDue.ANYWHERE : MaybeDue.in(routers);
  }

  /**
   * Hears from now on what others tell. It keeps a connection of the pool until it is closed.
   *
   * @throws PersistenceException when the database is away
   */
  public Listening listen() {
    try {
      return new Listening(database.get().getConnection());
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  /** Of one thread. */
  public final class Listening implements AutoCloseable {

    private final Connection connection;

    private Listening(Connection connection) throws SQLException {
      this.connection = connection;
      try {
        execute("LISTEN " + NAME);
      } catch (SQLException e) {
        close();
        throw e;
      }
    }

    /**
     * Waits until another replica tells something, or for this long.
     *
     * @return where others say that something may be due; nowhere if none did
     * @throws PersistenceException when the database is away, which silence alone would not show
     */
    public MaybeDue await(Duration longest) {
      try {
        PGNotification[] told =
            connection.unwrap(PGConnection.class).getNotifications((int) longest.toMillis());
        if (told == null || told.length == 0) {
          execute("SELECT 1");
          return MaybeDue.in(Set.of());
        }
        Set<RouterId> routers = new HashSet<>();
        for (PGNotification one : told) {
          MaybeDue due = read(one.getParameter());
          if (due.any()) {
            return due;
          }
          routers.addAll(due.routers());
        }
        return MaybeDue.in(routers);
      } catch (SQLException e) {
        throw new PersistenceException(e);
      }
    }

    private void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    @Override
    public void close() {
      try (connection) {
        execute("UNLISTEN *");
      } catch (SQLException e) {
        LOG.debug("a connection that listened was lost", e);
      }
    }
  }
}
