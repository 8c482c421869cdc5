package cthelper.start;

import cthelper.config.DataDirectory;
import cthelper.config.FileLocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Keeps a second process out of the data directory; the kernel lets go when the process dies. */
final class DirectoryLock implements AutoCloseable {

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
      FileChannel channel =
          FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (FileLocks.tryLock(channel)) {
        return new DirectoryLock(channel);
      }
      throw inUse(directory);
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
