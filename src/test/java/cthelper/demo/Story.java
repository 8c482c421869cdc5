package cthelper.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells numbered steps and what came of each, and ends in good order: told, not as told, or stopped
 * by somebody in between (Ctrl-C, SIGTERM), it is over only when everything was cleaned up.
 */
final class Story {

  private static final Duration LONGEST_CLEANING = Duration.ofSeconds(30);

  private final PrintStream out;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean stopped;
  private int steps;
  private String step = "Begin.";

  Story(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs what tells this story and cleans up behind itself.
   *
   * @return the exit code: 0 if all went as told; else 1, after one line that says what did not
   */
  int tell(Runnable play) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::letItEnd));
    try {
      play.run();
      return 0;
    } catch (RuntimeException | Error trouble) {
      System.err.println("demo: " + oneLine(trouble));
      return 1;
    } finally {
      over.countDown();
    }
  }

  /** Runs when the process is told to end: the thread that plays has its sockets and programs. */
  private void letItEnd() {
    stopped = true;
    try {
      boolean _ = over.await(LONGEST_CLEANING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException impatience) {
      Thread.currentThread().interrupt();
    }
  }

  private String oneLine(Throwable trouble) {
    if (stopped) {
      return "stopped at step %d; nothing is left behind".formatted(steps);
    }
    String message = Optional.ofNullable(trouble.getMessage()).orElseGet(trouble::toString);
    return "step %d (%s) did not go as told: %s"
        .formatted(steps, step, String.join(" ", firstAndLast(message.strip().lines().toList())));
  }

  /** A service that does not start may have said much; the reason comes last. */
  private static List<String> firstAndLast(List<String> lines) {
    return lines.size() < 2 ? lines : List.of(lines.getFirst(), lines.getLast());
  }

  void say(String text) {
    out.println(text);
  }

  /** What is done next, in one line of plain words. */
  void step(String sentence) {
    if (stopped) {
      throw new NotAsTold("stopped");
    }
    steps++;
    step = sentence;
    out.printf("%n%2d  %s%n", steps, sentence);
  }

  /** What came of the step, or how to do it. */
  void line(String text) {
    text.lines().forEach(line -> out.println("    " + line));
  }

  /** Ends the story unless the condition holds. */
  static void expect(boolean asTold, String instead) {
    if (!asTold) {
      throw new NotAsTold(instead);
    }
  }
}
