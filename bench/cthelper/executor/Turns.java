package cthelper.executor;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.ObservedState;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import cthelper.netfilter.CommitResult;
import cthelper.netfilter.HelperTable;
import cthelper.netfilter.KernelSupport;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.TableReading.Changeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the executor does again and again in one namespace: each turn with the next fence and other
 * ports. The same turns in two fresh namespaces send the same bytes.
 */
final class Turns {

  private static final RouterId ROUTER = RouterId.parse(new UUID(7, 7).toString()).orElseThrow();
  private static final UUID INSTALLATION = new UUID(8, 8);
  private static final List<HelperType> TYPES =
      List.of(
          HelperCatalog.find("ftp", Protocol.TCP).orElseThrow(),
          HelperCatalog.find("tftp", Protocol.UDP).orElseThrow());

  /** What is measured of a turn. */
  enum Work {
    /** The transaction that swaps the fence and refills the map of an intact table. */
    CHANGE,
    /** The transaction that makes the table in a namespace without one. */
    INSTALL,
    /** {@link Apply}: read the table, change it, read it back and compare. */
    APPLY
  }

  private final Work work;
  private final int helpers;
  private final NamespaceSocket socket;
  private final HelperTable table = new HelperTable(INSTALLATION);
  private final KernelHelpers kernel;
  private final TableTombstones tombstones;
  private final LastReading lastReading = new LastReading();
  private Changeable before;
  private DesiredState desired;
  private int turn;

  /**
   * @param socket of a fresh namespace; tables are owned if this kernel can, as by default
   * @param files for tombstones
   */
  Turns(Work work, int helpers, NamespaceSocket socket, Path files) throws IOException {
    this.work = work;
    this.helpers = helpers;
    this.socket = socket;
    this.tombstones = TableTombstones.load(files.resolve("tombstones"), Clock.systemUTC());
    this.kernel = new KernelHelpers(() -> support(socket), Clock.systemUTC());
    this.before = read();
    this.desired = nextDesired();
    if (work != Work.INSTALL) {
      write(before);
    }
  }

  /** Nanoseconds that the measured part of a turn takes. */
  long take() throws IOException {
    prepare();
    long begin = System.nanoTime();
    work();
    return System.nanoTime() - begin;
  }

  /** What has to be there before. */
  void prepare() {
    desired = nextDesired();
    switch (work) {
      case CHANGE -> before = read();
      case INSTALL -> {
        requireCommitted(table.remove(socket, read()));
        before = read();
      }
      case APPLY -> {
        // Apply reads for itself.
      }
    }
  }

  /** What is measured. */
  void work() throws IOException {
    switch (work) {
      case CHANGE, INSTALL -> write(before);
      case APPLY -> {
        ObservedState outcome =
            new Apply(
                    socket,
                    desired,
                    kernel,
                    tombstones,
                    kernel.canOwnTables(),
                    lastReading,
                    removed -> {}) // what they cost is RevokeCost's question
                .run();
        if (!(outcome instanceof ObservedState.Held(var _, var verdicts, boolean changed)
            && changed
            && verdicts.size() == helpers)) {
          throw new IllegalStateException("not applied: " + outcome);
        }
      }
    }
  }

  private void write(Changeable found) {
    requireCommitted(
        table.write(socket, found, desired.fence(), desired.helpers(), kernel.canOwnTables()));
  }

  private Changeable read() {
    if (table.read(socket) instanceof Changeable changeable) {
      return changeable;
    }
    throw new IllegalStateException("the table cannot be read");
  }

  private DesiredState nextDesired() {
    turn++;
    int firstPort = turn % 2 == 0 ? 20_000 : 30_000;
    List<DesiredHelper> wanted = new ArrayList<>();
    for (int i = 0; i < helpers; i++) {
      HelperSpec spec = new HelperSpec(TYPES.get(i % TYPES.size()), firstPort + i);
      wanted.add(new DesiredHelper(new UUID(turn, i), 1, spec));
    }
    return new DesiredState(ROUTER, new Fence(INSTALLATION, 1, turn), wanted);
  }

  private static void requireCommitted(CommitResult result) {
    if (!(result instanceof CommitResult.Committed)) {
      throw new IllegalStateException("not committed: " + result);
    }
  }

  private static KernelSupport support(NamespaceSocket socket) {
    return switch (KernelSupport.probe(socket)) {
      case KernelSupport.Probe.Probed(KernelSupport support) -> support;
      case KernelSupport.Probe.Failed(var _, String detail) ->
          throw new IllegalStateException(detail);
    };
  }
}
