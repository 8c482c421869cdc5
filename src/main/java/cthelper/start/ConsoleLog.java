package cthelper.start;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * What every record passes on its way to the console: {@link AcceptTrouble}, {@link Masked}, and as
 * text {@link OneLine}. (A JSON string holds no line break.)
 */
@LoggingFilter(name = "console")
public final class ConsoleLog implements Filter {

  /** Whether the log is JSON, one object for each record. */
  static final String JSON = "quarkus.log.console.json.enabled";

  /** At DEBUG it tells whole rows with each flush, and so what was in bodies. */
  private static final String HIBERNATE = "org.hibernate.orm.core";

  private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

  private final AcceptTrouble acceptTrouble = new AcceptTrouble();
  private final boolean isJson;

  ConsoleLog(@ConfigProperty(name = JSON) boolean isJson) {
    this.isJson = isJson;
  }

  @Override
  public boolean isLoggable(LogRecord said) {
    if (tellsRows(said) || !acceptTrouble.isLoggable(said)) {
      return false;
    }
    if (said instanceof ExtLogRecord record) {
      mask(record);
    }
    if (!isJson) {
      OneLine.make(said);
    }
    return true;
  }

  private static boolean tellsRows(LogRecord said) {
    return HIBERNATE.equals(said.getLoggerName())
        && said.getLevel().intValue() < Level.INFO.intValue();
  }

  private static void mask(ExtLogRecord said) {
    String message = MESSAGE.format(said);
    String masked = Masked.in(message);
    if (!masked.equals(message)) {
      said.setMessage(masked, FormatStyle.NO_FORMAT);
      said.setParameters(null);
    }
  }
}
