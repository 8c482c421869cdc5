package cthelper.service;

import cthelper.lab.Command;
import cthelper.lab.LabNamespace;

/** A bare namespace of a router, and what {@code nft} sees in it. */
record RouterNamespace(LabNamespace namespace) implements AutoCloseable {

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
