package cthelper.service;

import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.netfilter.HelperTable;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import cthelper.netfilter.TableReading;
import java.util.UUID;

/** A bare namespace of a router, and what {@code nft} sees in it. */
record RouterNamespace(LabNamespace namespace) implements AutoCloseable {

  private static final UUID STRANGER = new UUID(0, 0);

  static RouterNamespace add(String router) {
    return addNamed("qrouter-" + router);
  }

  static RouterNamespace addNamed(String name) {
    Command.of("ip", "netns", "add", name).run();
    return new RouterNamespace(new LabNamespace(name));
  }

  /** One that somebody else made and removes. */
  static RouterNamespace of(String router) {
    return new RouterNamespace(new LabNamespace("qrouter-" + router));
  }

  String name() {
    return namespace.name();
  }

  /** Everything nftables has here. */
  String ruleset() {
    return namespace.command("nft", "list", "ruleset").run();
  }

  /** The kernel's count of ruleset changes here: the same number, nothing was written. */
  int generation() {
    try (NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
        NamespaceSocket socket = open(door)) {
      return switch (new HelperTable(STRANGER).read(socket)) {
        case TableReading.Changeable table -> table.generation();
        case TableReading.Foreign table -> table.generation();
        case TableReading.Contended _, TableReading.Failed _ ->
            throw new IllegalStateException("cannot be read: " + name());
      };
    }
  }

  private NamespaceSocket open(NamespaceDoor door) {
    if (door.open(namespace.path()) instanceof Opening.Opened(NamespaceSocket socket)) {
      return socket;
    }
    throw new IllegalStateException("cannot be entered: " + name());
  }

  /** Everything with its handles: what was made anew has new ones. */
  String handles() {
    return namespace.command("nft", "--handle", "list", "ruleset").run();
  }

  /** Our table as nft prints it. */
  String ourTable() {
    return namespace.command("nft", "list", "table", "inet", "conntrack_helpers").run();
  }

  /** Loads nftables text. */
  void load(String text) {
    namespace.nft(text);
  }

  @Override
  public void close() {
    Command.of("ip", "netns", "del", name()).run();
  }
}
