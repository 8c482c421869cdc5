package cthelper.executor;

import cthelper.config.FileLocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One executor for each namespace directory of a machine; the kernel lets go when it dies.
 *
 * <p>The file lies in {@code /run/lock} and is named after the directory's device and inode, so
 * that two directories of the same path in two mount namespaces do not exclude each other, and
 * after the user, because device numbers are given again: what one user left must not be in the way
 * of another. It cannot lie in the directory itself, whose every entry {@code ip netns list} shows,
 * nor can the directory be locked: {@code ip netns add} waits for that lock (ip-netns(8)).
 */
final class ExecutorLock implements AutoCloseable {

  private static final List<Path> PLACES = List.of(Path.of("/run/lock"), Path.of("/tmp"));

  /** To read, too: a fifo in its place is then opened at once instead of never, {@code fifo(7)}. */
  private static final Set<OpenOption> HOW =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  /** Whoever can read a file can lock it, and so keep us out. */
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final FileStatus directory;
  private final FileChannel channel;

  private ExecutorLock(FileStatus directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * The lock, or empty when another process has it.
   *
   * @throws IOException when the directory is missing, no lock file can be made, or somebody else
   *     has put a file in its place
   */
  static Optional<ExecutorLock> tryTake(Path namespaceDirectory) throws IOException {
    FileStatus directory = FileStatus.ofTarget(namespaceDirectory);
    Path file = file(directory);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      requireOurs(file);
    }
    FileChannel channel = FileChannel.open(file, HOW, OWNERS_ONLY);
    try {
      requireOurs(file);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return FileLocks.tryLock(channel)
        ? Optional.of(new ExecutorLock(directory, channel))
        : Optional.empty();
  }

  /**
   * Whether it is the lock of the directory that is at this path now. Needs no descriptor: a lock
   * is not lost for want of one.
   */
  boolean isFor(Path namespaceDirectory) throws IOException {
    if (!Files.isDirectory(namespaceDirectory)) {
      return false;
    }
    FileStatus now = FileStatus.ofTarget(namespaceDirectory);
    return now.device() == directory.device() && now.inode() == directory.inode();
  }

  /** A file of ours that others could lock, as earlier versions made it, is closed to them. */
  private static void requireOurs(Path file) throws IOException {
    FileStatus found = FileStatus.of(file);
    if (!isOurs(found, CurrentUser.read().id())) {
      throw new IOException(
          "%s was not made by this service (owner %d, mode %o): remove it"
              .formatted(file, found.owner(), found.mode()));
    }
    if (!found.isPrivate()) {
      Files.setPosixFilePermissions(file, OWNERS_ONLY.value());
    }
  }

  /**
   * Everybody may put files into {@code /run/lock}, where nobody may remove ours: so a file of ours
   * that has no other name is the one that every executor of this user locks.
   */
  static boolean isOurs(FileStatus found, long user) {
    return found.type() == FileStatus.Type.REGULAR && found.links() == 1 && found.owner() == user;
  }

  /** The file that is locked for a directory. */
  static Path file(FileStatus directory) throws IOException {
    Path place = PLACES.stream().filter(Files::isWritable).findFirst().orElse(PLACES.getLast());
    return place.resolve(
        "conntrack-helper-netns-%d-%d-%d.lock"
            .formatted(CurrentUser.read().outside(), directory.device(), directory.inode()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
