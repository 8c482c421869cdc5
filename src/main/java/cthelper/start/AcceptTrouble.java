package cthelper.start;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * While this process has no file descriptor left for a new connection, Netty tries every second and
 * puts a stack trace in the log each time. Of these only the first gets through, as one line;
 * another one when there was peace for a minute.
 */
final class AcceptTrouble implements Filter {

  private static final String SPEAKER = "io.netty.channel.DefaultChannelPipeline";
  private static final String TOO_MANY = "Too many open files";
  private static final Duration PEACE = Duration.ofMinutes(1);

  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - PEACE.toNanos());

  @Override
  public boolean isLoggable(LogRecord said) {
    if (!isAboutDescriptors(said)) {
      return true;
    }
    long now = System.nanoTime();
    if (now - lastNanos.getAndSet(now) < PEACE.toNanos()) {
      return false;
    }
    said.setMessage(
        "no new connection can be taken: too many open files in this process; raise the limit"
            + " (prlimit --pid %d --nofile=... now, LimitNOFILE= for good); trying every second"
                .formatted(ProcessHandle.current().pid()));
    said.setThrown(null);
    return true;
  }

  private static boolean isAboutDescriptors(LogRecord said) {
    return SPEAKER.equals(said.getLoggerName())
        && said.getThrown() instanceof IOException failure
        && failure.getMessage() != null
        && failure.getMessage().startsWith(TOO_MANY);
  }
}
