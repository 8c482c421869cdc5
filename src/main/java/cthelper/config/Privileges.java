package cthelper.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The capabilities the executor role needs, read from {@code /proc/self/status} before anything is
 * started. Source: {@code capabilities(7)}, {@code proc_pid_status(5)}.
 */
public final class Privileges {

  private enum Capability {
    CAP_NET_ADMIN(12),
    CAP_SYS_ADMIN(21);

    private final int bit;

    Capability(int bit) {
      this.bit = bit;
    }
  }

  private Privileges() {}

  /** The names of the capabilities this process lacks for the executor role; empty when none. */
  public static List<String> missing() throws IOException {
    return missing(Files.readAllLines(Path.of("/proc/self/status")));
  }

  static List<String> missing(List<String> status) {
    long effective =
        status.stream()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
            .findFirst()
            .orElse(0L);
    List<String> missing = new ArrayList<>();
    for (Capability capability : Capability.values()) {
      if ((effective & (1L << capability.bit)) == 0) {
        missing.add(capability.name());
      }
    }
    return missing;
  }
}
