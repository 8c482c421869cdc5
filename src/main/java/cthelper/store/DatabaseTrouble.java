package cthelper.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** Deeper causes than this are loops. */
  private static final int MOST_CAUSES = 20;

  private DatabaseTrouble() {}

  /** Whether a database that cannot answer now is behind this failure. */
  public static boolean isBehind(Throwable failure) {
    return isBehind(failure, 0);
  }

  /** The transaction manager hides what made a commit fail among the suppressed ones. */
  private static boolean isBehind(@Nullable Throwable failure, int depth) {
    if (failure == null || depth > MOST_CAUSES) {
      return false;
    }
    return (failure instanceof SQLException sql && isPassing(sql))
        || isBehind(failure.getCause(), depth + 1)
        || Arrays.stream(failure.getSuppressed()).anyMatch(hidden -> isBehind(hidden, depth + 1));
  }

  private static boolean isPassing(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null || state.length() < 2) {
      // PostgreSQL always names one; this is the pool, which had no connection to give in time.
      return true;
    }
    return failure instanceof SQLTransientException
        || state.equals(READ_ONLY)
        || PASSING_CLASSES.contains(state.substring(0, 2));
  }
}
