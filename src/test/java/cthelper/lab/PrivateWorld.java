package cthelper.lab;

import java.util.Map;
import java.util.stream.Stream;

/**
 * What everything that touches namespaces needs: a {@code /run/netns} of its own, as {@code ./run}
 * makes it, so that two runs and a service on the same machine never meet, and the programs it
 * calls.
 */
final class PrivateWorld {

  private static final String VARIABLE = "TEST_NETNS";

  private PrivateWorld() {}

  /**
   * Checks it here and now.
   *
   * @throws IllegalStateException one line that tells what to do
   */
  static void require(String... programs) {
    requireIn(System.getenv());
    Stream.of(programs).forEach(Command::require);
  }

  static void requireIn(Map<String, String> environment) {
    if (!"private".equals(environment.get(VARIABLE))) {
      throw new IllegalStateException("run ./run verify: kernel tests need a private /run/netns");
    }
  }
}
