package cthelper.config;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The capabilities the executor role needs, compared with those this process has before anything is
 * started. Source: {@code capabilities(7)}.
 */
public final class Privileges {

  private Privileges() {}

  /** The names of the capabilities this process lacks for the executor role; empty when none. */
  public static List<String> missing() throws IOException {
    return missing(HeldPrivileges.ofThisThread());
  }

  static List<String> missing(HeldPrivileges held) {
    return Stream.of(Capability.CAP_NET_ADMIN, Capability.CAP_SYS_ADMIN)
        .filter(needed -> !held.mayUse(needed))
        .map(Capability::name)
        .toList();
  }

  /**
   * Whether this process is only started to learn from it ({@code start --learn}), by somebody who
   * may not do what the executor does: it comes as far as it can, and the executor refuses in the
   * end.
   */
  public static boolean isLearningWithout() {
    try {
      return Boolean.getBoolean("conntrack-helper.learning") && !missing().isEmpty();
    } catch (IOException e) {
      return false; // said by the checks of the start
    }
  }
}
