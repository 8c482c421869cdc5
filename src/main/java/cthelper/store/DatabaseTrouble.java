package cthelper.store;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/**
 * Tells a database that cannot answer now from a mistake of ours: the first heals by itself, and
 * asking again later is the right advice.
 */
public final class DatabaseTrouble {

  /**
   * Classes of SQLSTATE (PostgreSQL manual, appendix A): 08 connection exception, 53 insufficient
   * resources, 57 operator intervention (shutdown, cancelled), 25006 is read-only after a failover.
   */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "53", "57");

  private static final String READ_ONLY = "25006";

  /** Longer chains of causes than this are loops. */
  private static final int MOST_CAUSES = 20;

  private DatabaseTrouble() {}

  /** Whether a database that cannot answer now is behind this failure. */
  public static boolean isBehind(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      if (cause instanceof SQLException sql && isPassing(sql)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isPassing(SQLException failure) {
    if (failure instanceof SQLTransientException || failure instanceof SQLRecoverableException) {
      return true;
    }
    String state = failure.getSQLState();
    if (state == null || state.length() < 2) {
      // The pool's own: no connection became free, or none could be opened, in time.
      return state == null;
    }
    return state.equals(READ_ONLY) || PASSING_CLASSES.contains(state.substring(0, 2));
  }
}
