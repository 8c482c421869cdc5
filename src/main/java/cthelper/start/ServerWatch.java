package cthelper.start;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Interrupts a thread that waits for a PostgreSQL server which has given up already: the library
 * would go on waiting for a minute. For one start; close it when the start is over.
 *
 * <p>The server's log tells, from where it ended before: a server that gives up says {@code FATAL},
 * for example {@code could not create any TCP/IP sockets}. So does one that is not ready yet to
 * those who ask too early, in words of its own.
 */
final class ServerWatch implements AutoCloseable {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** A whole line: its second half may not be written yet, and tells. */
  private static final Pattern GIVEN_UP =
      Pattern.compile("FATAL: ++(?!the database system is).*\\R");

  private final Thread starter = Thread.currentThread();
  private final Path log;
  private final long from;
  private boolean isOver;
  private boolean hasGivenUp;

  private ServerWatch(Path log, long from) {
    this.log = log;
    this.from = from;
  }

  /** Watches on behalf of the calling thread. */
  static ServerWatch begin(Path log) throws IOException {
    ServerWatch watch = new ServerWatch(log, Files.exists(log) ? Files.size(log) : 0);
    Thread.ofPlatform().daemon().name("server-watch").start(watch::look);
    return watch;
  }

  /** Whether the server gave up while it was waited for; takes the interruption back. */
  synchronized boolean hasGivenUp() {
    isOver = true;
    if (hasGivenUp) {
      Thread.interrupted();
    }
    return hasGivenUp;
  }

  @Override
  public synchronized void close() {
    isOver = true;
  }

  private void look() {
    try {
      while (!isOver() && !saysFatal()) {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
      }
      giveUp();
    } catch (IOException e) {
      // Without its log nothing is known; the library's own limit holds.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean saysFatal() throws IOException {
    if (!Files.exists(log)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      byte[] said = Channels.newInputStream(channel.position(from)).readAllBytes();
      return saysFatal(new String(said, StandardCharsets.UTF_8));
    }
  }

  /** Whether a server that says this will never be ready. */
  static boolean saysFatal(String said) {
    return GIVEN_UP.matcher(said).find();
  }

  private synchronized boolean isOver() {
    return isOver;
  }

  private synchronized void giveUp() {
    if (!isOver) {
      hasGivenUp = true;
      starter.interrupt();
    }
  }
}
