package cthelper.executor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One executor for each namespace directory of a machine; the kernel lets go when it dies.
 *
 * <p>The file lies in {@code /run/lock} and is named after the directory's device and inode, so
 * that two directories of the same path in two mount namespaces do not exclude each other. It
 * cannot lie in the directory itself, whose every entry {@code ip netns list} shows, nor can the
 * directory be locked: {@code ip netns add} waits for that lock (ip-netns(8)).
 */
final class ExecutorLock implements AutoCloseable {

  private static final List<Path> PLACES = List.of(Path.of("/run/lock"), Path.of("/tmp"));

  /** Whoever can read a file can lock it, and so keep us out. */
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final FileChannel channel;

  private ExecutorLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * The lock, or empty when another process has it.
   *
   * @throws IOException when the directory is missing or no lock file can be made
   */
  static Optional<ExecutorLock> tryTake(Path namespaceDirectory) throws IOException {
    Path file = file(namespaceDirectory);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            OWNERS_ONLY);
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new ExecutorLock(file, channel));
      }
      channel.close();
      return Optional.empty();
    } catch (OverlappingFileLockException e) {
      // Held by this very process. Not closed: that would give the held lock away, fcntl(2).
      return Optional.empty();
    }
  }

  /** Whether it is the lock of the directory that is at this path now. */
  boolean isFor(Path namespaceDirectory) throws IOException {
    return Files.isDirectory(namespaceDirectory) && file.equals(file(namespaceDirectory));
  }

  private static Path file(Path namespaceDirectory) throws IOException {
    Object device = Files.getAttribute(namespaceDirectory, "unix:dev");
    Object inode = Files.getAttribute(namespaceDirectory, "unix:ino");
    Path place = PLACES.stream().filter(Files::isWritable).findFirst().orElse(PLACES.getLast());
    return place.resolve("conntrack-helper-netns-" + device + "-" + inode + ".lock");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
