package cthelper.netfilter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Inotify watches on a directory and on all directories above it, as far as they exist, so that it
 * is noticed when the path leads somewhere else or begins to lead anywhere. Used by one thread.
 *
 * <p>Source: {@code inotify(7)}. A watch is on an inode: what is mounted over it goes unnoticed, so
 * {@link #settle} is also to be called when the table of mounts changes.
 */
final class DirectoryWatch {

  private static final int ENTRIES =
      Linux.IN_CREATE | Linux.IN_DELETE | Linux.IN_MOVED_FROM | Linux.IN_MOVED_TO;
  private static final int ITSELF = Linux.IN_DELETE_SELF | Linux.IN_MOVE_SELF;

  /**
   * Added to what is watched for already, which is the same: to replace it, the kernel takes the
   * old mask away first, and an event of that moment is lost.
   */
  private static final int WATCHED = ENTRIES | ITSELF | Linux.IN_ONLYDIR | Linux.IN_MASK_ADD;

  private static final int LOST = ITSELF | Linux.IN_UNMOUNT | Linux.IN_IGNORED;
  private static final int NONE = -1;

  private final SystemCalls calls;
  private final int inotify;
  private final List<Path> path;

  /** Watches on the directories above, each with the name of the next one on the path. */
  private Map<Integer, String> above = Map.of();

  private int watch = NONE;
  private Optional<String> missing = Optional.empty();

  DirectoryWatch(SystemCalls calls, int inotify, Path directory) {
    this.calls = calls;
    this.inotify = inotify;
    this.path = fromRoot(directory.toAbsolutePath().normalize());
  }

  /**
   * Watches what the path leads to now.
   *
   * @return whether that is another directory than before, or no longer any
   * @throws SystemCallException when the kernel gives no more watches (ENOSPC, ENOMEM), or the
   *     directory may not be read (EACCES)
   */
  boolean settle() {
    Map<Integer, String> newAbove = new HashMap<>();
    int newWatch = NONE;
    Optional<String> newMissing = Optional.empty();
    for (int i = 0; i < path.size(); i++) {
      boolean isLast = i == path.size() - 1;
      try {
        int number = calls.inotifyAddWatch(inotify, path.get(i).toString(), WATCHED);
        if (isLast) {
          newWatch = number;
        } else {
          newAbove.put(number, path.get(i + 1).getFileName().toString());
        }
      } catch (SystemCallException e) {
        if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.ENOTDIR)) {
          newMissing = Optional.of(path.get(i) + ": " + e.errno());
          break;
        }
        // Directories above may be closed to us without the last one being so.
        if (isLast || !e.errno().equals(Errno.EACCES)) {
          throw e;
        }
      }
    }
    missing = newMissing;
    return replaceBy(newAbove, newWatch);
  }

  /**
   * What the path lacked when it was last settled, for example {@code /run/netns: ENOENT (no such
   * thing)}; empty when it led to a directory.
   */
  Optional<String> missing() {
    return missing;
  }

  /** Whether the event is about an entry of the directory itself. */
  boolean concernsEntry(InotifyEvent event) {
    return event.watch() == watch && event.is(ENTRIES);
  }

  /** Whether symbolic links lead the path: where they lead to may change without any event here. */
  boolean followsLinks() {
    return path.stream().anyMatch(Files::isSymbolicLink);
  }

  /** Whether the path may lead somewhere else after this event. */
  boolean isUnsettledBy(InotifyEvent event) {
    if (event.watch() == watch) {
      return event.is(LOST);
    }
    String next = above.get(event.watch());
    return next != null && (event.is(LOST) || event.name().filter(next::equals).isPresent());
  }

  private boolean replaceBy(Map<Integer, String> newAbove, int newWatch) {
    boolean isOther = newWatch != watch;
    Set<Integer> stale = new HashSet<>(above.keySet());
    stale.add(watch);
    stale.removeAll(newAbove.keySet());
    stale.remove(newWatch);
    stale.remove(NONE);
    above = newAbove;
    watch = newWatch;
    stale.forEach(this::remove);
    return isOther;
  }

  private void remove(int stale) {
    try {
      calls.inotifyRemoveWatch(inotify, stale);
    } catch (SystemCallException e) {
      // EINVAL: the kernel took it back already, with the directory.
      if (!e.errno().equals(Errno.EINVAL)) {
        throw e;
      }
    }
  }

  private static List<Path> fromRoot(Path directory) {
    Path root = directory.getRoot();
    return IntStream.rangeClosed(0, directory.getNameCount())
        .mapToObj(depth -> depth == 0 ? root : root.resolve(directory.subpath(0, depth)))
        .toList();
  }
}
