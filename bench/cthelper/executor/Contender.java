package cthelper.executor;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A run of {@code bench/apply.c}, which does so much as it is told and says how long it took. */
final class Contender implements AutoCloseable {

  private final Process process;
  private final Writer orders;
  private final BufferedReader nanos;

  private Contender(Process process) {
    this.process = process;
    this.orders = process.outputWriter();
    this.nanos = process.inputReader();
  }

  /**
   * Compiles it.
   *
   * @throws IllegalStateException one line when there is no compiler
   */
  static Path compile(Path source, Path program) throws IOException {
    try {
      Process gcc =
          new ProcessBuilder("gcc", "-O2", "-o", program.toString(), source.toString())
              .inheritIO()
              .start();
      if (gcc.waitFor() != 0) {
        throw new IllegalStateException("gcc does not compile " + source);
      }
      return program;
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interruption);
    }
  }

  static Contender start(Path program, List<String> arguments) {
    try {
      return new Contender(
          new ProcessBuilder(
                  Stream.concat(Stream.of(program.toString()), arguments.stream()).toList())
              .redirectError(Redirect.INHERIT)
              .start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** So many operations; returns the nanoseconds of each. */
  long[] go(int operations) throws IOException {
    orders.write(operations + "\n");
    orders.flush();
    long[] took = new long[operations];
    for (int i = 0; i < operations; i++) {
      String line = nanos.readLine();
      if (line == null) {
        throw new EOFException("apply has ended, see above");
      }
      took[i] = Long.parseLong(line);
    }
    return took;
  }

  @Override
  public void close() throws IOException {
    orders.close();
    process.onExit().join();
  }
}
