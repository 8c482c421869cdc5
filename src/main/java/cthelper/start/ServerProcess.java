package cthelper.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The operating-system process of the PostgreSQL server that works on a data directory. */
final class ServerProcess {

  private static final Duration GRACE = Duration.ofSeconds(10);

  private ServerProcess() {}

  /** The server whose number stands in {@code postmaster.pid}, if it is alive and works there. */
  static Optional<ProcessHandle> find(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d+")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
        .filter(process -> worksOn(data, process));
  }

  /**
   * Ends what would keep the data directory locked: the server that outlived its JVM (SIGKILL), and
   * processes of a server that was killed itself, which on a busy machine notice it late.
   */
  static void stopOrphanOf(Path data) throws IOException {
    find(data).ifPresent(ServerProcess::stop);
    List<ProcessHandle> rest =
        ProcessHandle.allProcesses().filter(process -> isWithin(data, process)).toList();
    rest.forEach(ProcessHandle::destroyForcibly);
    rest.forEach(process -> endsIn(process, GRACE));
  }

  private static void stop(ProcessHandle server) {
    server.destroy();
    if (!endsIn(server, GRACE)) {
      server.destroyForcibly();
      endsIn(server, GRACE);
    }
  }

  private static boolean endsIn(ProcessHandle process, Duration limit) {
    return process
        .onExit()
        .thenApply(ended -> true)
        .completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** All processes of a server have its data directory as their own, and its program. */
  private static boolean isWithin(Path data, ProcessHandle process) {
    Path about = Path.of("/proc/" + process.pid());
    try {
      return Files.readSymbolicLink(about.resolve("exe")).endsWith("postgres")
          && Files.isSameFile(Files.readSymbolicLink(about.resolve("cwd")), data);
    } catch (IOException e) {
      return false; // it ended meanwhile, or is not ours to look at
    }
  }

  /** A process number may have been given to somebody else since: the command line decides. */
  private static boolean worksOn(Path data, ProcessHandle process) {
    try {
      String[] words = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).split("\0");
      return words.length > 0
          && words[0].endsWith("postgres")
          && Arrays.asList(words).contains(data.toString());
    } catch (IOException e) {
      return false; // it ended meanwhile, or is not ours to look at
    }
  }
}
