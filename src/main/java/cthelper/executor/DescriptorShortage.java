package cthelper.executor;

import cthelper.config.OpenFiles;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The namespaces that find no file descriptor. They wait for each other's turn: every second one is
 * tried, and the next one if that went well. Said once, after the first second, and once when it is
 * over.
 *
 * <p>Namespaces never take the last descriptors ({@link OpenFiles#RESERVE}): a process without any
 * cannot serve, nor load a class. Belongs on one thread.
 */
final class DescriptorShortage {

  private static final Logger LOG = Logger.getLogger(DescriptorShortage.class);

  private final Supplier<OpenFiles> limit;
  private final TaskThread thread;
  private final Duration pause;
  private final Consumer<NamespaceName> enter;
  private final Set<NamespaceName> waiting = new LinkedHashSet<>();
  private OpenFiles openFiles;
  private boolean isShort;
  private boolean said;
  private String state = "";

  /**
   * @param limit asked again while something waits: it may be raised meanwhile
   * @param pause between two tries
   * @param enter tries again; what still finds no descriptor calls {@link #add}
   */
  DescriptorShortage(
      Supplier<OpenFiles> limit, TaskThread thread, Duration pause, Consumer<NamespaceName> enter) {
    this.limit = limit;
    this.thread = thread;
    this.pause = pause;
    this.enter = enter;
    this.openFiles = limit.get();
  }

  /** Whether one more than so many namespaces may be open. */
  boolean leavesRoomBeside(int open) {
    return open < openFiles.forNamespaces();
  }

  /** This one waits until there are descriptors. */
  void add(NamespaceName name, int open, String why) {
    waiting.add(name);
    state = "%s: open=%d".formatted(why, open);
    if (!isShort) {
      isShort = true;
      thread.runAfter(pause, this::tryAgain);
    }
  }

  /** Its name is gone. */
  void forget(NamespaceName name) {
    waiting.remove(name);
  }

  int waiting() {
    return waiting.size();
  }

  private void tryAgain() {
    openFiles = limit.get();
    boolean goesWell = true;
    for (NamespaceName name : List.copyOf(waiting)) {
      if (goesWell) {
        waiting.remove(name);
        enter.accept(name);
        goesWell = !waiting.contains(name);
      }
    }
    tell();
    isShort = !waiting.isEmpty();
    if (isShort) {
      thread.runAfter(pause, this::tryAgain);
    }
  }

  private void tell() {
    if (!waiting.isEmpty() && !said) {
      said = true;
      LOG.warnf(
          "router namespaces wait for file descriptors: %s waiting=%d limit=%d reserve=%d; raise"
              + " the limit now (prlimit --pid %d --nofile=%d) and for good (ulimit -n,"
              + " LimitNOFILE=); trying every second",
          state,
          waiting.size(),
          openFiles.limit(),
          OpenFiles.RESERVE,
          ProcessHandle.current().pid(),
          Math.max(OpenFiles.enoughFor(waiting.size()), openFiles.limit() + 1024));
    } else if (waiting.isEmpty() && said) {
      said = false;
      LOG.info("no router namespace waits for file descriptors any more");
    }
  }
}
