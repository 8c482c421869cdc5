package cthelper.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What stands at a name of the namespace directory, found out by {@code stat(2)} alone: nothing is
 * opened, since opening a device can do things and needs a descriptor.
 *
 * <p>Two equal ones are the same thing as long as one of them is kept open: the inode of a
 * namespace is given to another one only after its end. Source: {@code stat(2)}, {@code
 * namespaces(7)}.
 *
 * @param whyNot why no namespace can be there, in words; empty when one may be
 */
record NamespaceFile(long device, long inode, Optional<String> whyNot) {

  /** What is there now; empty when there is no such name. Links are not followed. */
  static Optional<NamespaceFile> at(Path path) {
    try {
      FileStatus file = FileStatus.of(path);
      long around = FileStatus.ofTarget(path.resolveSibling(".")).device();
      return Optional.of(
          new NamespaceFile(file.device(), file.inode(), whyNot(file, file.device() == around)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(new NamespaceFile(0, 0, Optional.of("cannot be looked at: " + e)));
    }
  }

  /** The network namespace this process runs in; the threads of a door are elsewhere. */
  static NamespaceFile own() {
    try {
      FileStatus file = FileStatus.ofTarget(Path.of("/proc/self/ns/net"));
      return new NamespaceFile(file.device(), file.inode(), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A namespace looks like a regular file, and what is mounted is on another device than the file
   * it is mounted on.
   */
  private static Optional<String> whyNot(FileStatus file, boolean isOnDeviceOfDirectory) {
    return switch (file.type()) {
      case REGULAR ->
          isOnDeviceOfDirectory ? Optional.of("nothing is mounted there") : Optional.empty();
      case LINK -> Optional.of("it is a symbolic link");
      case DIRECTORY -> Optional.of("it is a directory");
      case FIFO -> Optional.of("it is a fifo");
      case SOCKET -> Optional.of("it is a socket");
      case DEVICE -> Optional.of("it is a device");
    };
  }
}
