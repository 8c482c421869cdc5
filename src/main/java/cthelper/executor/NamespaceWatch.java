package cthelper.executor;

import cthelper.config.OpenFiles;
import cthelper.model.Quoted;
import cthelper.netfilter.NamespaceDirectory;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.SystemCalls;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeReports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries what happens in the namespace directory to {@link RouterNamespaces} on one thread, and
 * from there to the reconciler on another one, in order.
 *
 * <p>Nothing is entered before this process has the directory's {@link ExecutorLock}.
 */
final class NamespaceWatch implements AutoCloseable, NamespaceDirectory.Listener {

  private static final Logger LOG = Logger.getLogger(NamespaceWatch.class);
  private static final Duration FIRST_LISTING = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Looking at all names costs microseconds each: not at every mount of a machine that starts. */
  private static final Duration BETWEEN_LOOKS_AT_MOUNTS = Duration.ofMillis(100);

  private final Path directory;
  private final TaskThread thread = new TaskThread("namespaces");

  private final RouterNamespaces namespaces;
  private final NamespaceReporting reporting;
  private final NamespaceDirectory events;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  private final CountDownLatch listedOnce = new CountDownLatch(1);
  private final AtomicBoolean mountsWaiting = new AtomicBoolean();
  private @Nullable ExecutorLock lock;
  private boolean lockTroubleSaid;
  private boolean listTroubleSaid;
  private volatile int waitingAtFirst;
  private boolean listingLater;

  /**
   * Begins to watch; when it returns the namespaces that were there are open.
   *
   * @param openFiles the limit of this process, as often as asked
   * @param listener told of every namespace, on the watch's thread
   * @throws ExecutorUnavailable when another executor has the directory, or this process may not
   *     open as many files as there are namespaces
   */
  static NamespaceWatch start(
      Path directory,
      NamespaceDoor door,
      SystemCalls calls,
      Supplier<OpenFiles> openFiles,
      EntryPace pace,
      RouterNamespaces.Listener listener)
      throws IOException {
    @Nullable ExecutorLock lock = null;
    if (Files.isDirectory(directory)) {
      lock =
          ExecutorLock.tryTake(directory)
              .orElseThrow(() ->
                  new ExecutorUnavailable(
                      "executor: another executor already works on "
                          + directory
                          + ": stop it, or set CTHELPER_NETNS_DIR to another directory"));
    }
    NamespaceWatch watch =
        new NamespaceWatch(directory, door, calls, openFiles, pace, listener, lock);
    watch.awaitFirstListing();
    watch.refuseIfTooMany(openFiles.get());
    return watch;
  }

  private NamespaceWatch(
      Path directory,
      NamespaceDoor door,
      SystemCalls calls,
      Supplier<OpenFiles> openFiles,
      EntryPace pace,
      RouterNamespaces.Listener listener,
      @Nullable ExecutorLock lock) {
    this.directory = directory;
    this.lock = lock;
    this.namespaces = new RouterNamespaces(directory, door, thread, openFiles, pace);
    this.namespaces.tell(listener);
    this.reporting = new NamespaceReporting(namespaces);
    synchronized (this) { // its first news may come before the field is set: names() waits
      this.events =
          new NamespaceDirectory(
              calls, directory, name -> NamespaceName.parse(name).isPresent(), this);
    }
  }

  RouterNamespaces namespaces() {
    return namespaces;
  }

  /** Sends the inventory to this reconciler, and each change from then on; to no other one. */
  void reportTo(NodeExecutor node, NodeReports reports) {
    thread.run(() -> reporting.begin(node, reports));
  }

  /** Nobody is told any more, until the next {@link #reportTo}. */
  void reportToNobody() {
    thread.run(reporting::end);
  }

  /** Sends the inventory to the same reconciler again, after a while. */
  void reportAgainAfter(Duration delay) {
    thread.runAfter(delay, reporting::again);
  }

  /** Does this after everything that was noticed so far has been told, before what comes next. */
  void afterChanges(Runnable task) {
    thread.run(() -> reporting.afterReports(task));
  }

  @Override
  public void appeared(String name) {
    lookAt(name);
  }

  @Override
  public void vanished(String name) {
    lookAt(name);
  }

  /**
   * An event says that something happened to a name, maybe long ago; what counts is what is there
   * when its turn comes. Events of a name that waits for its turn already add nothing.
   */
  private void lookAt(String name) {
    if (waiting.add(name)) {
      thread.run(() -> {
        waiting.remove(name);
        boolean isThere = Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
        if (isThere && isLocked()) {
          NamespaceName.parse(name).ifPresent(namespaces::appeared);
        } else {
          namespaces.vanished(name);
        }
      });
    }
  }

  @Override
  public void listAgain() {
    thread.run(this::list);
  }

  @Override
  public void mountsChanged() {
    if (mountsWaiting.compareAndSet(false, true)) {
      thread.runAfter(
          BETWEEN_LOOKS_AT_MOUNTS,
          () -> {
            mountsWaiting.set(false);
            lookAtAll();
          });
    }
  }

  /** A name whose event was missed, or came while it could not be seen, is met here, too. */
  private void lookAtAll() {
    try {
      namespaces.found(isLocked() ? names() : Set.of());
    } catch (UncheckedIOException e) {
      listLater();
    }
  }

  private void list() {
    try {
      namespaces.listed(isLocked() ? names() : Set.of());
      if (listTroubleSaid) {
        listTroubleSaid = false;
        LOG.infof("namespace directory is read again: %s", directory);
      }
    } catch (UncheckedIOException e) {
      if (!listTroubleSaid) {
        LOG.warnf(
            "namespace directory cannot be read: %s: %s; trying every second",
            directory, Quoted.of(String.valueOf(e.getCause())));
      }
      listTroubleSaid = true;
      listLater();
    } finally {
      if (listedOnce.getCount() > 0) {
        waitingAtFirst = namespaces.waitingForDescriptors();
        listedOnce.countDown();
      }
    }
  }

  private synchronized Set<NamespaceName> names() {
    return events.list().stream()
        .map(NamespaceName::parse)
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  /** Whether the directory that is at the path now is ours; asks for it if it is a new one. */
  private boolean isLocked() {
    try {
      if (lock == null || !lock.isFor(directory)) {
        takeLock();
      }
    } catch (IOException e) {
      waitForLock(Quoted.of(e));
      return false;
    }
    if (lock != null && lockTroubleSaid) {
      lockTroubleSaid = false;
      LOG.infof("namespace directory is locked now: %s", directory);
    }
    return lock != null;
  }

  private void takeLock() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
    if (!Files.isDirectory(directory)) {
      return; // whoever makes it is told to list again
    }
    lock = ExecutorLock.tryTake(directory).orElse(null);
    if (lock == null) {
      waitForLock("another executor works on it");
    }
  }

  private void waitForLock(String why) {
    if (!lockTroubleSaid) {
      LOG.warnf(
          "namespace directory cannot be locked: %s: %s; trying every second", directory, why);
    }
    lockTroubleSaid = true;
    listLater();
  }

  /** However many ask for it: once. */
  private void listLater() {
    if (!listingLater) {
      listingLater = true;
      thread.runAfter(
          RETRY,
          () -> {
            listingLater = false;
            list();
          });
    }
  }

  /** A start that would leave routers out is refused: now somebody looks, later nobody may. */
  private void refuseIfTooMany(OpenFiles files) throws IOException {
    int waiting = waitingAtFirst;
    if (waiting > 0) {
      int all = waiting + namespaces.all().size();
      close();
      throw new ExecutorUnavailable(
          "executor: the limit of open files is %d, of which %d are kept for other uses, but %s has"
                  .formatted(files.limit(), OpenFiles.RESERVE, directory)
              + " %d router namespaces, which need one each: %s"
                  .formatted(all, OpenFiles.wayOut(all)));
    }
  }

  private void awaitFirstListing() {
    try {
      if (!listedOnce.await(FIRST_LISTING.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warnf("namespace directory not listed yet: %s", directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread and lets every namespace go. */
  @Override
  public void close() throws IOException {
    events.close();
    thread.close();
    reporting.close();
    namespaces.close();
    if (lock != null) {
      lock.close();
    }
  }
}
