package cthelper.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Locks of whole files that last as long as their channel, or until the process dies. Thread-safe.
 * Source: {@code fcntl(2)}.
 */
public final class FileLocks {

  /**
   * Of files whose lock this very process holds. Closing one would give the held lock away, and the
   * collector closes those that nobody knows any more.
   */
  private static final Collection<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

  private FileLocks() {}

  /**
   * Locks the channel's file, unless somebody has it locked: then the channel is no longer the
   * caller's.
   */
  public static boolean tryLock(FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return true;
      }
    } catch (OverlappingFileLockException e) {
      NEVER_CLOSED.add(channel);
      return false;
    }
    channel.close();
    return false;
  }
}
