package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program that has run to its end: the code it ended with, and all it printed. */
public record Ended(List<String> command, int code, String output) {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Runs it in the current directory with these variables set in addition. */
  static Ended of(List<String> command, Map<String, String> variables) {
    return of(command, variables, LIMIT);
  }

  /** The same with another time limit. */
  public static Ended of(List<String> command, Map<String, String> variables, Duration limit) {
    try {
      Path log = Files.createTempFile("ended", ".log");
      try {
        return run(command, variables, log, limit);
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + command, e);
    }
  }

  private static Ended run(
      List<String> command, Map<String, String> variables, Path log, Duration limit)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(limit)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " still runs:\n" + Files.readString(log));
    }
    return new Ended(command, process.exitValue(), Files.readString(log));
  }

  /** What it printed, after making sure that it ended like this. */
  public String expect(int expected) {
    assertThat(code).as("%s%n%s", command, output).isEqualTo(expected);
    return output;
  }
}
