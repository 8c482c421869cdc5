package cthelper.start;

import cthelper.config.DataDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Keeps a second process out of the data directory; the kernel lets go when the process dies. */
final class DirectoryLock implements AutoCloseable {

  /**
   * Of files whose lock this very process holds. Closing one would give the held lock away
   * (fcntl(2)), and the collector closes those that nobody knows any more.
   */
  private static final Collection<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the directory if need be (readable by its owner only) and locks it.
   *
   * @throws StartRefused when another process holds it or it cannot be written
   */
  static DirectoryLock take(DataDirectory directory) {
    try {
      Files.createDirectories(
          directory.path(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return lock(
          directory,
          FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    } catch (AccessDeniedException e) {
      throw new StartRefused(
          "data directory "
              + directory
              + " cannot be written: set CTHELPER_DATA_DIR to one of"
              + " your own",
          e);
    } catch (FileSystemException e) {
      throw new StartRefused(
          "data directory "
              + directory
              + " cannot be used ("
              + e.getMessage()
              + "): set"
              + " CTHELPER_DATA_DIR to another one",
          e);
    } catch (IOException e) {
      throw new StartRefused(
          "data directory " + directory + " cannot be locked: " + e.getMessage(), e);
    }
  }

  private static DirectoryLock lock(DataDirectory directory, FileChannel channel)
      throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DirectoryLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      NEVER_CLOSED.add(channel);
      throw inUse(directory);
    }
    channel.close();
    throw inUse(directory);
  }

  private static StartRefused inUse(DataDirectory directory) {
    return new StartRefused(
        "data directory "
            + directory
            + " is used by another process: stop it, or set CTHELPER_DATA_DIR to another directory");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
