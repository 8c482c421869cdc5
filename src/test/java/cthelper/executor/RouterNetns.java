package cthelper.executor;

import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.model.RouterId;
import java.nio.file.Path;

/** A real network namespace of a router, made and deleted by {@code ip netns}. */
record RouterNetns(NamespaceName name) implements AutoCloseable {

  static final Path DIRECTORY = Path.of("/run/netns");

  /** {@code qrouter-<id>}. */
  static RouterNetns create(RouterId router) {
    return create("qrouter-" + router);
  }

  static RouterNetns create(String name) {
    Command.of("ip", "netns", "add", name).after("unshare", "-n").run(); // see Lab
    return new RouterNetns(NamespaceName.parse(name).orElseThrow());
  }

  Path path() {
    return DIRECTORY.resolve(name.text());
  }

  /** Everything nft(8) sees inside. */
  String ruleset() {
    return inside().command("nft", "list", "ruleset").run();
  }

  /** Loads nftables text inside, all or nothing. */
  void nft(String text) {
    inside().nft(text);
  }

  /**
   * A virtual wire between two namespaces, {@code wire} at both ends: the kernel takes it away when
   * one of them ceases to exist, whatever the directory shows.
   */
  void wireTo(RouterNetns other) {
    // From inside: the machine's namespace is not an ordinary user's to make links from.
    Command.of(
            "ip -netns %s link add wire type veth peer name wire netns %s"
                .formatted(name.text(), other.name.text())
                .split(" "))
        .run();
  }

  boolean hasWire() {
    return Command.of("ip", "-netns", name.text(), "-brief", "link").run().contains("wire");
  }

  void delete() {
    Command.of("ip", "netns", "del", name.text()).run();
  }

  private LabNamespace inside() {
    return new LabNamespace(name.text());
  }

  @Override
  public void close() {
    if (path().toFile().exists()) {
      delete();
    }
  }
}
