package cthelper.executor;

import cthelper.config.CtHelperConfig;
import cthelper.config.CtHelperConfig.TableOwner;
import cthelper.config.DataDirectory;
import cthelper.config.OpenFiles;
import cthelper.model.DesiredState;
import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Gone;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.model.Reason;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.SystemCallException;
import cthelper.netfilter.SystemCalls;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeIdentity;
import cthelper.node.NodeReports;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This machine's executor: watches the namespaces of routers and makes them hold what the
 * reconciler desires.
 *
 * <p>{@link #open}, then {@link #connect}, then {@link #close}, each from one thread; {@link
 * #desire} from any. One thread owns the list of namespaces, a few others apply.
 */
@ApplicationScoped
public class LocalExecutor implements NodeExecutor {

  private static final Logger LOG = Logger.getLogger(LocalExecutor.class);

  /** An apply is short and mostly inside the kernel; a failing one blocks for 16 ms. */
  private static final int LANES = 4;

  private final CtHelperConfig config;
  private final ExecutorMetrics metrics;
  private final Clock clock = Clock.systemUTC();
  private final SystemCalls calls = new LinuxSystemCalls();
  private final ApplyStory story = new ApplyStory();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable Parts parts;
  private volatile @Nullable NodeReports reports;

  /** What exists from {@link #open} on. */
  private record Parts(
      NodeIdentity identity,
      TableTombstones tombstones,
      KernelHelpers kernel,
      boolean ownsTables,
      NamespaceWatch watch,
      Lanes lanes) {}

  LocalExecutor(CtHelperConfig config, ExecutorMetrics metrics) {
    this.config = config;
    this.metrics = metrics;
  }

  /**
   * Asks the kernel what it has and finds the namespaces that are here.
   *
   * @throws ExecutorUnavailable when a privilege is missing, another executor works here, or the
   *     node's files cannot be used; nothing stays open then
   */
  public void open() {
    try {
      NamespaceDoor door = opened(new NamespaceDoor(calls));
      door.missingPrivilege()
          .ifPresent(missing -> {
            throw new ExecutorUnavailable("executor: " + missing + "; run as root");
          });
      KernelHelpers kernel = new KernelHelpers(new KernelProbe(door), clock);
      Path files = DataDirectory.of(config).node();
      NodeId id = NodeIdFile.readOrMake(files.resolve("id"));
      TableTombstones tombstones = TableTombstones.load(files.resolve("tombstones"), clock);
      NamespaceWatch watch = opened(startWatch(door));
      metrics.namespaces(watch.namespaces()::counts);
      Lanes lanes = opened(new Lanes(LANES, this::apply));
      parts =
          new Parts(
              new NodeIdentity(id, nodeName(), System.getProperty("os.version")),
              tombstones,
              kernel,
              ownsTables(kernel),
              watch,
              lanes);
    } catch (IOException e) {
      close();
      throw new ExecutorUnavailable(
          "executor: this node's files cannot be used: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private NamespaceWatch startWatch(NamespaceDoor door) throws IOException {
    try {
      OpenFiles atStart = OpenFiles.ofThisProcess();
      return NamespaceWatch.start(config.netnsDir(), door, calls, () -> openFiles(atStart));
    } catch (SystemCallException e) {
      throw new ExecutorUnavailable(
          "executor: %s cannot be watched: %s; raise the limit that is reached (ulimit -n, or sysctl"
                  .formatted(config.netnsDir(), e.getMessage())
              + " fs.inotify.max_user_instances)",
          e);
    }
  }

  /** The limit may be raised while we run; without any descriptor it cannot even be read. */
  private static OpenFiles openFiles(OpenFiles otherwise) {
    try {
      return OpenFiles.ofThisProcess();
    } catch (IOException e) {
      LOG.debug("the limit of open files cannot be read", e);
      return otherwise;
    }
  }

  /** From now on the reconciler is told what is here, and may desire. */
  public void connect(NodeReports reconciler) {
    reports = reconciler;
    parts().watch.reportTo(this, reconciler);
  }

  /** Whether the reconciler knows of this node. From any thread. */
  boolean isConnected() {
    return reports != null;
  }

  /** Lets all namespaces go; the tables in them stay. A second time does nothing. */
  public void close() {
    NodeReports reconciler = reports;
    reports = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.warn("while closing the executor", e);
      }
    }
    if (reconciler != null) {
      try {
        reconciler.disconnected(identity().id());
      } catch (RuntimeException e) {
        LOG.debug("the reconciler was not told that this node goes; its lease will run out", e);
      }
    }
  }

  @Override
  public NodeIdentity identity() {
    return parts().identity;
  }

  /** For the first lines on the screen. */
  public NodeSummary summary() {
    Parts node = parts();
    return new NodeSummary(
        node.identity.name(),
        node.identity.kernel(),
        config.netnsDir(),
        node.watch.namespaces().all().stream().map(namespace -> namespace.name().text()).toList(),
        node.kernel.all(),
        node.ownsTables);
  }

  /** How many namespaces are open, and how many names are not. From any thread. */
  NamespaceCounts namespaceCounts() {
    return parts().watch.namespaces().counts();
  }

  @Override
  public void desire(Placement placement, DesiredState desired) {
    parts().lanes.add(placement, desired);
  }

  /** On a lane's thread, the only one that works for this placement. */
  private void apply(Placement placement, DesiredState desired) {
    boolean answered =
        find(placement).filter(namespace -> applyIn(namespace, placement, desired)).isPresent();
    if (!answered) {
      parts().watch.afterChanges(() -> answerGone(placement, desired));
    }
  }

  /** False when the namespace went away meanwhile: nobody is told what became of it. */
  private boolean applyIn(RouterNamespace namespace, Placement placement, DesiredState desired) {
    Instant begin = clock.instant();
    ObservedState outcome = outcome(namespace, desired);
    Duration took = Duration.between(begin, clock.instant());
    metrics.applied(outcome, took);
    return namespace.ifOpen(() -> answer(placement, desired, outcome, took));
  }

  /**
   * On the thread that reports namespaces, so that the answer never overtakes the report of one
   * that has appeared meanwhile.
   */
  private void answerGone(Placement placement, DesiredState desired) {
    if (find(placement).isPresent()) {
      desire(placement, desired);
    } else {
      answer(placement, desired, new Gone(), Duration.ZERO);
    }
  }

  private void answer(
      Placement placement, DesiredState desired, ObservedState outcome, Duration took) {
    story.tell(placement, desired, outcome, took);
    NodeReports reconciler = reports;
    if (reconciler != null) {
      try {
        reconciler.observed(placement, outcome);
      } catch (RuntimeException e) {
        LOG.warnf(
            "outcome not taken router=%s namespace=%s: %s; it will be asked again",
            placement.router(), placement.namespace(), Quoted.of(e));
      }
    }
  }

  private Optional<RouterNamespace> find(Placement placement) {
    return parts()
        .watch
        .namespaces()
        .find(placement.namespace())
        .filter(found -> found.name().router().equals(placement.router()));
  }

  private ObservedState outcome(RouterNamespace namespace, DesiredState desired) {
    Parts node = parts();
    try {
      return new Apply(
              namespace.socket(),
              desired,
              node.kernel,
              node.tombstones,
              node.ownsTables,
              namespace.lastReading())
          .run();
    } catch (IOException e) {
      String detail = "tombstone cannot be written: " + e.getMessage();
      return new Failed(desired.fence(), Reason.MACHINE_SHORT_OF_RESOURCES, detail);
    } catch (RuntimeException e) {
      // Either its socket was closed meanwhile, then nobody is told, or this is a bug of ours.
      LOG.debugf(e, "apply ended early namespace=%s", namespace.name());
      return new Failed(desired.fence(), Reason.KERNEL_ERROR, "not expected: " + e);
    }
  }

  private boolean ownsTables(KernelHelpers kernel) {
    TableOwner wish = config.executor().tableOwner();
    if (wish == TableOwner.TRUE && !kernel.canOwnTables()) {
      throw new ExecutorUnavailable(
          "cthelper.executor.table-owner=true: this kernel has no owned tables that persist (Linux"
              + " 6.9); use auto");
    }
    return wish != TableOwner.FALSE && kernel.canOwnTables();
  }

  private String nodeName() {
    return config
        .nodeName()
        .orElseGet(() -> {
          try {
            return InetAddress.getLocalHost().getHostName();
          } catch (UnknownHostException e) {
            return "localhost";
          }
        });
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  private Parts parts() {
    return Objects.requireNonNull(parts, "the executor is not open");
  }
}
