package cthelper.netfilter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A network namespace of a name nobody else has, made and deleted by {@code ip netns}, with
 * loopback down and an empty ruleset.
 */
record TestNamespace(String name) implements AutoCloseable {

  private static final Path DIRECTORY = Path.of("/run/netns");

  static TestNamespace create() {
    return create("cthelper-" + UUID.randomUUID());
  }

  static TestNamespace create(String name) {
    requirePrivateDirectory();
    Witness.run("ip", "netns", "add", name).orFail();
    return new TestNamespace(name);
  }

  /** Kernel tests never meet the machine's own namespaces, nor each other's. */
  static void requirePrivateDirectory() {
    if (!"private".equals(System.getenv("TEST_NETNS"))) {
      throw new AssertionError("run ./run verify: kernel tests need a private /run/netns");
    }
  }

  Path path() {
    return DIRECTORY.resolve(name);
  }

  /** Runs nft(8) inside. */
  Witness nft(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name, "nft"));
    command.addAll(List.of(arguments));
    return Witness.run(command);
  }

  String ruleset() {
    return nft("list", "ruleset").orFail();
  }

  void delete() {
    Witness.run("ip", "netns", "del", name).orFail();
  }

  @Override
  public void close() {
    Witness.run("ip", "netns", "del", name);
  }
}
