package cthelper.netfilter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

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

  /** So many at once, which is much faster than one after the other. */
  static List<TestNamespace> createMany(int count) {
    requirePrivateDirectory();
    List<TestNamespace> namespaces =
        Stream.generate(() -> new TestNamespace("cthelper-" + UUID.randomUUID()))
            .limit(count)
            .toList();
    batch("add", namespaces);
    return namespaces;
  }

  static void deleteMany(List<TestNamespace> namespaces) {
    batch("del", namespaces);
  }

  /** In a namespace of its own: an ordinary user's ip(8) could not come back to the machine's. */
  private static void batch(String what, List<TestNamespace> namespaces) {
    StringBuilder lines = new StringBuilder();
    namespaces.forEach(namespace -> lines.append("netns %s %s\n".formatted(what, namespace.name)));
    try {
      Path file = Files.writeString(Files.createTempFile("netns", ".batch"), lines);
      Witness.run("unshare", "--net", "ip", "-batch", file.toString()).orFail();
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    return run("nft", arguments);
  }

  /** Runs any program inside. */
  Witness run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name, program));
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
