package cthelper.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many files (descriptors) this process may have open: RLIMIT_NOFILE, which the JVM has raised
 * as far as it may before anything of ours runs. Source: {@code getrlimit(2)}, {@code
 * proc_pid_limits(5)}.
 */
public record OpenFiles(long limit) {

  /**
   * Kept for everything that is not a namespace: some 170 are open in an idle process, 220 with 40
   * busy clients. Without a free one not even a class can be loaded.
   */
  public static final int RESERVE = 512;

  private static final String LINE = "Max open files";

  /** The limit as it is now; another program may move it, see {@code prlimit(1)}. */
  public static OpenFiles ofThisProcess() throws IOException {
    return of(Files.readAllLines(Path.of("/proc/self/limits")));
  }

  /** From lines like {@code Max open files 1024 524288 files}: the first number counts. */
  static OpenFiles of(List<String> limits) throws IOException {
    String line =
        limits.stream()
            .filter(text -> text.startsWith(LINE))
            .findFirst()
            .orElseThrow(() -> new IOException("/proc/self/limits has no line " + LINE));
    String soft = line.substring(LINE.length()).strip().split("\\s+", 2)[0];
    try {
      return new OpenFiles(soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft));
    } catch (NumberFormatException e) {
      throw new IOException("/proc/self/limits cannot be understood: " + line, e);
    }
  }

  /** How many namespaces may be open at once: each needs one. */
  public long forNamespaces() {
    return Math.max(0, limit - RESERVE);
  }

  /** A limit that suffices for so many namespaces, with room to grow. */
  public static long enoughFor(long namespaces) {
    return 1024 * ((2 * namespaces + RESERVE) / 1024 + 1);
  }

  /** What a person can do, for example {@code raise it: ulimit -n 2048, or LimitNOFILE=…}. */
  public static String wayOut(long namespaces) {
    long enough = enoughFor(namespaces);
    return "raise it: ulimit -n %d, or LimitNOFILE=%d in the systemd unit"
        .formatted(enough, enough);
  }
}
