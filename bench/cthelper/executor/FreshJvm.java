package cthelper.executor;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An executor in a process of its own, as after a restart of the service: opens, says when, and
 * works until it is killed or its standard input ends.
 */
final class FreshJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  /**
   * When things happened, by the machine's monotonic clock, which is {@link System#nanoTime}.
   *
   * @param begin {@code open()} was called
   * @param opened it returned
   * @param applied every namespace was proven to hold what it is to hold
   * @param processor nanoseconds of processor time that all threads have used by then, from the
   *     JVM's start
   */
  record Times(long begin, long opened, long applied, long processor) {}

  FreshJvm(Path files, String tableOwner, int namespaces, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(
            FreshJvm.class.getName(), files.toString(), tableOwner, String.valueOf(namespaces)));
    process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    output = process.inputReader();
  }

  public static void main(String... arguments) throws IOException {
    try (BenchNode node = new BenchNode(Path.of(arguments[0]), arguments[1])) {
      long begin = System.nanoTime();
      node.open();
      long opened = System.nanoTime();
      long applied = node.awaitApplied(Integer.parseInt(arguments[2]));
      System.out.printf("%d %d %d %d%n", begin, opened, applied, processor());
      while (System.in.read() >= 0) {
        // until the parent ends this
      }
    }
  }

  private static long processor() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** Waits for them. */
  Times times() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the executor has ended, see above");
    }
    String[] words = line.split(" ");
    return new Times(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
