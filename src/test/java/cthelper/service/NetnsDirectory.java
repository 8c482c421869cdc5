package cthelper.service;

import cthelper.lab.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A namespace directory of a node of its own, beside {@code /run/netns}: so that one machine has
 * several nodes. What is placed in it goes with it.
 */
final class NetnsDirectory implements AutoCloseable {

  private final Path path;
  private final Deque<Path> mounted = new ArrayDeque<>();

  NetnsDirectory() {
    try {
      path = Files.createTempDirectory("node-netns");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return path;
  }

  /** The router gets a namespace on this node; {@code nft} sees it under another name. */
  RouterNamespace add(String router) {
    RouterNamespace namespace =
        RouterNamespace.addNamed("at-" + path.getFileName() + "-" + router.substring(0, 8));
    place(namespace, router);
    return namespace;
  }

  /** Puts the namespace at the router's name, as {@code ip netns} does it. */
  void place(RouterNamespace namespace, String router) {
    try {
      Path name = Files.createFile(path.resolve("qrouter-" + router));
      Command.of(
              "mount",
              "--bind",
              "--make-private",
              namespace.namespace().path().toString(),
              name.toString())
          .run();
      mounted.push(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the router's namespace away from this node. */
  void remove(String router) {
    unmount(path.resolve("qrouter-" + router));
  }

  private void unmount(Path name) {
    Command.of("umount", name.toString()).run();
    mounted.remove(name);
    try {
      Files.delete(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    while (!mounted.isEmpty()) {
      unmount(mounted.peek());
    }
    Command.of("rm", "-rf", path.toString()).run();
  }
}
