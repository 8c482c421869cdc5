package cthelper.netfilter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Another program's view of the kernel: runs it and keeps what it printed. Only for tests. */
record Witness(long pid, int exitCode, String output) {

  static Witness run(String... command) {
    return run(List.of(command));
  }

  static Witness run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Witness(process.pid(), process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }

  /** What it printed, if it went well. */
  String orFail() {
    if (exitCode != 0) {
      throw new AssertionError("exit code " + exitCode + ": " + output);
    }
    return output;
  }
}
