package cthelper.executor;

import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.ObservedState;
import cthelper.model.RouterId;
import cthelper.netfilter.HelperTable;
import cthelper.netfilter.KernelSupport;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import cthelper.netfilter.SystemCalls;
import cthelper.netfilter.TableReading;
import cthelper.netfilter.TableReading.Ours;
import cthelper.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** One real namespace with all that {@link Apply} needs to work in it. */
final class KernelBench implements AutoCloseable {

  private final RouterNetns netns;
  private final NamespaceDoor door;
  private final SteppedClock clock = new SteppedClock();
  private final Path tombstonesFile;
  private NamespaceSocket socket;
  private LastReading lastReading = new LastReading();
  private TableTombstones tombstones;
  private KernelSupport support;
  private final Set<HelperSpec> removed = new HashSet<>();
  private boolean own;

  /**
   * Begins with whatever this kernel has and tables that anybody can change.
   *
   * @param files where the tombstones lie
   */
  KernelBench(Path files) throws IOException {
    this(files, new LinuxSystemCalls());
  }

  KernelBench(Path files, SystemCalls calls) throws IOException {
    this(RouterNetns.create(RouterId.random()), files, calls);
  }

  private KernelBench(RouterNetns netns, Path files, SystemCalls calls) throws IOException {
    this.netns = netns;
    door = new NamespaceDoor(calls);
    tombstonesFile = files.resolve("tombstones");
    tombstones = TableTombstones.load(tombstonesFile, clock);
    socket = openSocket();
    support =
        switch (KernelSupport.probe(socket)) {
          case KernelSupport.Probe.Probed(KernelSupport probed) -> probed;
          case KernelSupport.Probe.Failed(var _, String detail) -> throw new AssertionError(detail);
        };
  }

  private NamespaceSocket openSocket() {
    return switch (door.open(netns.path())) {
      case Opening.Opened(NamespaceSocket opened) -> opened;
      case Opening other -> throw new AssertionError(other);
    };
  }

  /** Another executor in the same namespace, with a memory of its own. */
  KernelBench beside(Path files) throws IOException {
    return new KernelBench(netns, files, new LinuxSystemCalls());
  }

  RouterNetns netns() {
    return netns;
  }

  TableTombstones tombstones() {
    return tombstones;
  }

  KernelSupport support() {
    return support;
  }

  /** From now on this kernel is believed to have these helpers. */
  void believe(KernelSupport believed) {
    support = believed;
  }

  /** From now on tables are to be owned. */
  void ownTables() {
    own = true;
  }

  void passADay() {
    clock.pass(Duration.ofDays(1).plusSeconds(1));
  }

  /** Everything that was said to be removed so far. */
  Set<HelperSpec> removed() {
    return Set.copyOf(removed);
  }

  /** As after a restart of the executor: another socket, and what is on disk. */
  void restart() throws IOException {
    socket.close();
    socket = openSocket();
    lastReading = new LastReading();
    tombstones = TableTombstones.load(tombstonesFile, clock);
  }

  ObservedState apply(DesiredState desired) throws IOException {
    KernelHelpers helpers = new KernelHelpers(() -> support, clock);
    return new Apply(socket, desired, helpers, tombstones, own, lastReading, removed::addAll).run();
  }

  TableReading read() {
    return new HelperTable(Plan.INSTALLATION).read(socket);
  }

  Ours readOurs() {
    return (Ours) read();
  }

  /** The ruleset's generation: it rises with every transaction of anybody. */
  int generation() {
    return switch (read()) {
      case TableReading.Changeable changeable -> changeable.generation();
      case TableReading.Foreign foreign -> foreign.generation();
      case TableReading other -> throw new AssertionError(other);
    };
  }

  @Override
  public void close() {
    socket.close();
    door.close();
    netns.close();
  }
}
