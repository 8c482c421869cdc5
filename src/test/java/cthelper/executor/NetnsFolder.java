package cthelper.executor;

import cthelper.lab.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** A namespace directory of a test, anywhere; everything mounted through it is unmounted again. */
record NetnsFolder(Path path, Deque<Path> mounted) implements AutoCloseable {

  static NetnsFolder at(Path path) {
    return new NetnsFolder(path, new ArrayDeque<>());
  }

  /** A new name on which this namespace is mounted, as {@code ip netns} does it. */
  Path place(RouterNetns netns) throws IOException {
    return bind(netns.path(), Files.createFile(path.resolve(netns.name().text())));
  }

  /**
   * Mounts a file on a name. Privately: else what is mounted on the name later shows up on a
   * namespace's own file as well, mount_namespaces(7), which then cannot be deleted.
   */
  Path bind(Path file, Path name) {
    Command.of("mount", "--bind", "--make-private", file.toString(), name.toString()).run();
    mounted.push(name);
    return name;
  }

  /** Mounts an empty file system over a directory. */
  void mountOver(Path directory) {
    Command.of("mount", "-t", "tmpfs", "over", directory.toString()).run();
    mounted.push(directory);
  }

  /** Unmounts what was mounted there last; the name stays. */
  void unmount(Path name) {
    Command.of("umount", name.toString()).run();
    mounted.remove(name);
  }

  /** The newest first. */
  void unmountAll() {
    while (!mounted.isEmpty()) {
      unmount(mounted.peek());
    }
  }

  @Override
  public void close() {
    unmountAll();
  }
}
