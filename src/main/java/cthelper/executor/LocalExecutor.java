package cthelper.executor;

import cthelper.config.CtHelperConfig;
import cthelper.config.CtHelperConfig.TableOwner;
import cthelper.config.DataDirectory;
import cthelper.config.OpenFiles;
import cthelper.model.DesiredState;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.Placement;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.ListenerSockets;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.RulesetEvents;
import cthelper.netfilter.SystemCallException;
import cthelper.netfilter.SystemCalls;
import cthelper.node.NodeReports;
import cthelper.node.ReportingNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This machine's executor: watches the namespaces of routers and makes them hold what the
 * reconciler desires.
 *
 * <p>{@link #open(Optional)}, then {@link #connect} as often as necessary, then {@link #close},
 * each from one thread; {@link #desire} from any. One thread owns the list of namespaces, a few
 * others apply.
 */
@ApplicationScoped
public class LocalExecutor implements ReportingNode {

  private static final Logger LOG = Logger.getLogger(LocalExecutor.class);

  /** Two with one id are not to take turns too fast. */
  private static final Duration AFTER_DISMISSAL = Duration.ofSeconds(1);

  private static final String ID_FILE = "id";
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final CtHelperConfig config;
  private final ExecutorMetrics metrics;
  private final Clock clock = Clock.systemUTC();
  private final SystemCalls calls;
  private final Answers answers = new Answers();
  private final UUID process = UUID.randomUUID();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable Parts parts;
  private volatile @Nullable NodeReports reports;

  /** What exists from {@link #open} on. */
  private record Parts(
      NodeIdentity identity, NodeTables tables, NodeWork work, NamespaceWatch watch) {}

  @Inject
  LocalExecutor(CtHelperConfig config, ExecutorMetrics metrics) {
    this(config, metrics, new LinuxSystemCalls());
  }

  LocalExecutor(CtHelperConfig config, ExecutorMetrics metrics, SystemCalls calls) {
    this.config = config;
    this.metrics = metrics;
    this.calls = calls;
  }

  /** {@link #open(Optional)} for a control plane that is not known yet. */
  public void open() {
    open(Optional.empty());
  }

  /**
   * Asks the kernel what it has, finds the namespaces that are here, and makes them hold what they
   * held last, as far as this node remembers.
   *
   * @param installation of the control plane: what is remembered from another one is ignored; empty
   *     when it is not known yet
   * @throws ExecutorUnavailable when a privilege is missing, another executor works here, or the
   *     node's files cannot be used; nothing stays open then
   */
  public void open(Optional<UUID> installation) {
    try {
      NamespaceDoor door = opened(new NamespaceDoor(calls));
      door.missingPrivilege()
          .ifPresent(missing -> {
            throw new ExecutorUnavailable("executor: " + missing + "; run as root");
          });
      NodeIdentity identity = identity(DataDirectory.of(config).node());
      NodeTables tables = tables(door, DataDirectory.of(config).node());
      NodeWork work = work(identity.id(), tables, door, installation);
      opened(listen(door, work.drift()));
      NamespaceWatch watch = startWatch(door, work);
      opened(watch);
      opened(work); // ends before the namespaces are let go
      metrics.namespaces(watch.namespaces()::counts);
      parts = new Parts(identity, tables, work, watch);
      work.begin(watch);
    } catch (IOException e) {
      close();
      throw new ExecutorUnavailable(
          "executor: this node's files cannot be used: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The id of this node, before {@link #open}; empty when it has none yet that can be read. */
  public Optional<NodeId> knownId() {
    try {
      return NodeIdFile.read(DataDirectory.of(config).node().resolve(ID_FILE));
    } catch (IOException e) {
      LOG.debug("the node's id is not known yet", e); // open() refuses, with the reason
      return Optional.empty();
    }
  }

  private NodeIdentity identity(Path files) throws IOException {
    return new NodeIdentity(
        NodeIdFile.readOrMake(files.resolve(ID_FILE)),
        nodeName(),
        System.getProperty("os.version"),
        Map.of()); // until the kernel was asked
  }

  private NodeTables tables(NamespaceDoor door, Path files) throws IOException {
    KernelHelpers kernel = new KernelHelpers(new KernelProbe(door), clock);
    return new NodeTables(
        kernel,
        TableTombstones.load(files.resolve("tombstones"), clock),
        OwedRevokes.load(files.resolve("revokes"), Files.readString(BOOT_ID).strip()),
        ownsTables(kernel));
  }

  private NodeWork work(
      NodeId node, NodeTables tables, NamespaceDoor door, Optional<UUID> installation)
      throws IOException {
    KeptStates kept = new KeptStates();
    Path path = DataDirectory.of(config).node().resolve("states");
    StateFile stateFile = new StateFile(path, kept, clock, config.executor().stateMaxAge());
    stateFile.load(installation);
    NodeWork work =
        new NodeWork(
            node,
            kept,
            tables.revokes(),
            stateFile,
            config.executor().safetyNet(),
            surroundings ->
                new PlacementWork(
                    surroundings,
                    kept,
                    tables,
                    new Revokes(
                        tables.revokes(),
                        metrics,
                        clock,
                        (placement, delay) -> surroundings.again(placement, Errand.LOOK, delay)),
                    new Overrides(door, config.netnsDir()),
                    new Leftovers(answers, surroundings::installation),
                    answers,
                    metrics,
                    clock));
    installation.ifPresent(work::installation);
    return work;
  }

  private RulesetEvents listen(NamespaceDoor door, DriftWatch drift) {
    try {
      return RulesetEvents.start(calls, door, drift, ListenerSockets.handedOver());
    } catch (SystemCallException e) {
      throw new ExecutorUnavailable(
          "executor: changes by others cannot be listened to: " + e.getMessage(), e);
    }
  }

  private NamespaceWatch startWatch(NamespaceDoor door, NodeWork work) throws IOException {
    try {
      OpenFiles atStart = OpenFiles.ofThisProcess();
      return NamespaceWatch.start(
          config.netnsDir(), door, calls, () -> openFiles(atStart), EntryPace.NORMAL, work);
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

  @Override
  public synchronized void connect(NodeReports reconciler) {
    reports = reconciler;
    answers.tell(reconciler);
    parts().watch.reportTo(this, reconciler);
    parts().work.connected();
  }

  @Override
  public synchronized void disconnect(NodeReports reconciler) {
    if (reconciler.equals(reports)) {
      reports = null;
      answers.tell(null);
      parts().watch.reportToNobody();
    }
  }

  /**
   * Of a link in this process. Its agent was deleted, or the database is another one than before;
   * or somebody else has a copy of this node's data directory, and its id.
   */
  @Override
  public void dismissed() {
    LOG.warnf(
        "this node is not known by its session any more, it connects again: %s", identity().id());
    parts().watch.reportAgainAfter(AFTER_DISMISSAL);
  }

  /** Whether the reconciler knows of this node. From any thread. */
  boolean isConnected() {
    return reports != null;
  }

  /** Lets all namespaces go; the tables in them stay. A second time does nothing. */
  public void close() {
    NodeReports reconciler = reports;
    reports = null;
    answers.tell(null);
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
    Parts node = parts();
    NodeIdentity known = node.identity;
    return new NodeIdentity(known.id(), known.name(), known.kernel(), node.tables.kernel().all());
  }

  @Override
  public UUID process() {
    return process;
  }

  /** For the first lines on the screen. */
  public NodeSummary summary() {
    Parts node = parts();
    return new NodeSummary(
        node.identity.name(),
        node.identity.kernel(),
        config.netnsDir(),
        node.watch.namespaces().all().stream().map(namespace -> namespace.name().text()).toList(),
        node.tables.kernel().all(),
        node.tables.ownsTables());
  }

  /** How many namespaces are open, and how many names are not. From any thread. */
  NamespaceCounts namespaceCounts() {
    return parts().watch.namespaces().counts();
  }

  @Override
  public void desire(Placement placement, DesiredState desired) {
    parts().work.desire(placement, desired);
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
