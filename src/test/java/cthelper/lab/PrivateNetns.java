package cthelper.lab;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test needs to touch namespaces: a {@link PrivateWorld} and the programs it looks with. A
 * test class with {@code @ExtendWith(PrivateNetns.class)} fails at once, with one line, where
 * something is missing; it is never skipped.
 */
public final class PrivateNetns implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    PrivateWorld.require("ip", "nft", "conntrack", "nsenter", "unshare");
  }
}
