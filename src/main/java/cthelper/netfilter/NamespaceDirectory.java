package cthelper.netfilter;

import cthelper.netfilter.SystemCalls.Awaited;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * The directory whose entries are network namespaces ({@code /run/netns}), and what happens there.
 *
 * <p>A thread of its own watches it and tells the listener. The directory may be missing, vanish,
 * come back, be mounted or mounted over: the watch follows the path. Names are whatever somebody
 * made; only those the caller's predicate accepts are passed on. Source: {@code ip-netns(8)},
 * {@code inotify(7)}, {@code proc_pid_mountinfo(5)}.
 */
public final class NamespaceDirectory implements AutoCloseable {

  /** Told on the directory's own thread, one call at a time. What it throws is logged. */
  public interface Listener {

    /** The name is there; it may take milliseconds until a namespace is mounted on it. */
    void appeared(String name);

    /** The name is gone. */
    void vanished(String name);

    /**
     * The directory is watched from now on, or is another one than before, or events were lost:
     * only {@link #list} tells what there is. Comes first, once.
     */
    void listAgain();

    /** Something was mounted or unmounted somewhere, maybe on a name that stays what it was. */
    void mountsChanged();
  }

  private static final Logger LOG = Logger.getLogger(NamespaceDirectory.class);
  private static final String MOUNTS = "/proc/thread-self/mountinfo";
  private static final int FOREVER = -1;
  private static final int RETRY_MILLIS = 1000;

  private final SystemCalls calls;
  private final Path directory;
  private final Predicate<String> names;
  private final Listener listener;
  private final Descriptors descriptors;
  private final DirectoryWatch watch;
  private final DirectoryStory story;
  private final Thread thread;
  private volatile boolean closing;
  private boolean ended;
  private boolean settled;
  private boolean listNeeded = true;

  /**
   * Begins to watch.
   *
   * @param names which entries matter
   * @throws SystemCallException when the process has no descriptors left
   */
  public NamespaceDirectory(
      SystemCalls calls, Path directory, Predicate<String> names, Listener listener) {
    this.calls = calls;
    this.directory = directory;
    this.names = names;
    this.listener = listener;
    this.descriptors = Descriptors.open(calls);
    this.watch = new DirectoryWatch(calls, descriptors.inotify(), directory);
    this.story = new DirectoryStory(directory);
    this.thread = Thread.ofPlatform().daemon().name("namespace-directory").start(this::run);
  }

  /**
   * The names that are there now, in no order; none when the directory is not there. From any
   * thread.
   *
   * @throws UncheckedIOException when the directory cannot be read
   */
  public List<String> list() {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> found.add(entry.getFileName().toString()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(e.getCause());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.removeIf(names.negate());
    return found;
  }

  /**
   * Ends the thread and waits for it, unless the listener itself calls this. A second time does
   * nothing.
   */
  @Override
  public void close() {
    wakeUp();
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing) {
        round();
      }
    } finally {
      end();
    }
  }

  /** Waits for news and tells it. Trouble is tried again. */
  private void round() {
    try {
      boolean followsLinks = watch.followsLinks();
      if (!settled || followsLinks) {
        settle();
      }
      Set<Integer> ready =
          calls.poll(descriptors.awaited(), settled && !followsLinks ? FOREVER : RETRY_MILLIS);
      if (ready.contains(descriptors.wakeUp())) {
        return;
      }
      if (ready.contains(descriptors.mounts())) {
        settled = false;
        tell(listener::mountsChanged);
      }
      if (ready.contains(descriptors.inotify())) {
        calls.read(descriptors.inotify()).map(InotifyEvent::readAll).ifPresent(this::understand);
      }
    } catch (SystemCallException e) {
      inTrouble(e);
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
    }
  }

  private synchronized void wakeUp() {
    closing = true;
    if (!ended) {
      calls.signal(descriptors.wakeUp());
    }
  }

  private synchronized void end() {
    ended = true;
    descriptors.close(calls);
  }

  /** A directory that cannot be watched is listed each second instead. */
  private void settle() {
    try {
      listNeeded |= watch.settle();
      settled = true;
      watch.missing().ifPresentOrElse(story::isMissing, story::isWatched);
    } catch (SystemCallException e) {
      inTrouble(e);
    }
    if (listNeeded) {
      listNeeded = false;
      tell(listener::listAgain);
    }
  }

  private void inTrouble(SystemCallException e) {
    settled = false;
    listNeeded = true;
    story.cannotBeWatched(e.getMessage());
  }

  private void understand(List<InotifyEvent> events) {
    for (InotifyEvent event : events) {
      if (event.is(Linux.IN_Q_OVERFLOW)) {
        listNeeded = true;
        settled = false;
      } else if (watch.concernsEntry(event)) {
        event.name().filter(names).ifPresent(name -> tell(event, name));
      } else if (watch.isUnsettledBy(event)) {
        settled = false;
      }
    }
  }

  private void tell(InotifyEvent event, String name) {
    boolean isThere = event.is(Linux.IN_CREATE | Linux.IN_MOVED_TO);
    tell(isThere ? () -> listener.appeared(name) : () -> listener.vanished(name));
  }

  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      LOG.errorf(e, "a change of the namespace directory was not handled: %s", directory);
    }
  }

  /** What the thread waits for; all or none are open. */
  private record Descriptors(int wakeUp, int inotify, int mounts) {

    static Descriptors open(SystemCalls calls) {
      List<Integer> open = new ArrayList<>();
      try {
        open.add(calls.eventfd(Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK));
        open.add(calls.inotifyInit(Linux.IN_CLOEXEC | Linux.IN_NONBLOCK));
        open.add(calls.open(MOUNTS, Linux.O_RDONLY | Linux.O_CLOEXEC));
        return new Descriptors(open.get(0), open.get(1), open.get(2));
      } catch (SystemCallException e) {
        open.forEach(calls::close);
        throw e;
      }
    }

    List<Awaited> awaited() {
      return List.of(
          new Awaited(wakeUp, Linux.POLLIN),
          new Awaited(inotify, Linux.POLLIN),
          new Awaited(mounts, Linux.POLLPRI));
    }

    void close(SystemCalls calls) {
      calls.close(wakeUp);
      calls.close(inotify);
      calls.close(mounts);
    }
  }
}
