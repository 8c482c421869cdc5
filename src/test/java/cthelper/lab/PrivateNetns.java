package cthelper.lab;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test needs to touch namespaces: a {@code /run/netns} of its own, so that two runs and a
 * service on the same machine never meet, and the programs it looks with. A test class with
 * {@code @ExtendWith(PrivateNetns.class)} fails at once, with one line, where something is missing;
 * it is never skipped.
 */
public final class PrivateNetns implements BeforeAllCallback {

  private static final String VARIABLE = "TEST_NETNS";

  @Override
  public void beforeAll(ExtensionContext context) {
    require();
  }

  /**
   * Checks it here and now.
   *
   * @throws IllegalStateException one line that tells what to do
   */
  public static void require() {
    requireIn(System.getenv());
    Stream.of("ip", "nft", "conntrack", "nsenter", "unshare").forEach(Command::require);
  }

  static void requireIn(Map<String, String> environment) {
    if (!"private".equals(environment.get(VARIABLE))) {
      throw new IllegalStateException("run ./run verify: kernel tests need a private /run/netns");
    }
  }
}
