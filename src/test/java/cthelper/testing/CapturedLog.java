package cthelper.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/** What a class says in the log while this is open, debug included; nobody else hears it. */
public final class CapturedLog implements AutoCloseable {

  /** Level and message, no stack trace. */
  private static final PatternFormatter LINE = new PatternFormatter("%p %s");

  private final Logger logger;
  private final @Nullable Level levelBefore;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord said) {
          lines.add(LINE.format(said));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private CapturedLog(Logger logger) {
    this.logger = logger;
    this.levelBefore = logger.getLevel();
    handler.setLevel(Level.ALL);
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
  }

  public static CapturedLog of(Class<?> speaker) {
    return new CapturedLog(Logger.getLogger(speaker.getName()));
  }

  /** {@code WARN port taken}, in order. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    logger.setLevel(levelBefore);
  }
}
