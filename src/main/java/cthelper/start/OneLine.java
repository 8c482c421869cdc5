package cthelper.start;

import cthelper.model.Quoted;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what libraries say, and what exceptions tell, from looking like more than one record in a
 * log that is text: line breaks and everything else that moves the cursor is written as in a Java
 * string. Lines of a stack trace begin with {@code "\tat"} or what introduces a cause, as always.
 * Our own messages need none of it: they quote each value ({@link Quoted}).
 */
final class OneLine {

  private static final int DEEPEST = 50;
  private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

  private OneLine() {}

  /** Changes the record where needed. */
  static void make(LogRecord said) {
    if (said instanceof ExtLogRecord record) {
      String message = MESSAGE.format(record);
      if (!isOneLine(message)) {
        record.setMessage(Quoted.inOneLine(message), FormatStyle.NO_FORMAT);
        record.setParameters(null);
      }
    }
    @Nullable Throwable thrown = said.getThrown();
    if (thrown != null && !isTold(thrown, DEEPEST)) {
      said.setThrown(new Retold(thrown, DEEPEST));
    }
  }

  private static boolean isOneLine(String text) {
    return Quoted.inOneLine(text).equals(text);
  }

  private static boolean isTold(Throwable failure, int depth) {
    if (depth == 0 || !isOneLine(failure.toString())) {
      return false;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!isTold(suppressed, depth - 1)) {
        return false;
      }
    }
    return failure.getCause() == null || isTold(failure.getCause(), depth - 1);
  }

  /** The same failure in one line each; frames, causes and suppressed ones are those it has. */
  private static final class Retold extends Throwable {

    private static final long serialVersionUID = 1L;

    private final String words;

    Retold(Throwable failure, int depth) {
      super(null, cause(failure, depth));
      words = Quoted.inOneLine(failure.toString());
      setStackTrace(failure.getStackTrace());
      if (depth > 0) {
        for (Throwable suppressed : failure.getSuppressed()) {
          addSuppressed(new Retold(suppressed, depth - 1));
        }
      }
    }

    private static @Nullable Throwable cause(Throwable failure, int depth) {
      return depth == 0 || failure.getCause() == null
          ? null
          : new Retold(failure.getCause(), depth - 1);
    }

    /** With the class that it is told of. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
      return words;
    }
  }
}
