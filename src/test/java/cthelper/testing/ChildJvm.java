package cthelper.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class of the tests in a process of its own, which says one thing and then waits to be
 * killed; it ends by itself when this process does.
 */
public final class ChildJvm implements AutoCloseable {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Process process;
  private final Path answer;
  private final Path errors;

  private ChildJvm(Process process, Path answer, Path errors) {
    this.process = process;
    this.answer = answer;
    this.errors = errors;
  }

  /**
   * Starts it.
   *
   * @param directory for what it says
   * @param arguments given to the main class after the file to {@link #say} things in
   */
  public static ChildJvm start(Path directory, Class<?> main, String... arguments)
      throws IOException {
    Path answer = Files.createTempDirectory(directory, "child").resolve("answer");
    Path errors = answer.resolveSibling("errors");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.add(answer.toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    return new ChildJvm(process, answer, errors);
  }

  /** For the child: tells the parent, then waits for its own end. */
  public static void say(String answerFile, String text, InputStream parent) throws IOException {
    Path answer = Path.of(answerFile);
    Path draft = Files.writeString(answer.resolveSibling("draft"), text);
    Files.move(draft, answer, StandardCopyOption.ATOMIC_MOVE);
    while (parent.read() >= 0) {
      // Nobody writes; the end of the stream is the end of the parent.
    }
  }

  /** Waits for what it says. */
  public String answer() throws IOException {
    await()
        .atMost(LONGEST_WAIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(answer) || !process.isAlive());
    if (!Files.exists(answer)) {
      throw new AssertionError("the child ended: " + Files.readString(errors));
    }
    return Files.readString(answer);
  }

  /** SIGKILL: it cannot do anything about it. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
