package cthelper.executor;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.netfilter.CommitResult;
import cthelper.netfilter.Generation;
import cthelper.netfilter.HelperTable;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import cthelper.netfilter.TableReading;
import cthelper.netfilter.TableReading.Changeable;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A witness in one namespace: reads our table through a socket of its own, and can do to it what
 * any foreign program can. To the executor it is one.
 */
record KernelView(NamespaceSocket socket) implements AutoCloseable {

  private static final HelperTable TABLE = new HelperTable(Plan.INSTALLATION);

  static KernelView of(NamespaceDoor door, Path namespace) {
    return switch (door.open(namespace)) {
      case Opening.Opened(NamespaceSocket socket) -> new KernelView(socket);
      case Opening other -> throw new IllegalStateException(namespace + ": " + other);
    };
  }

  TableReading read() {
    return TABLE.read(socket);
  }

  /** Whether the kernel holds exactly this. */
  boolean holds(DesiredState state) {
    TreeMap<HelperSpec, UUID> wanted = new TreeMap<>();
    for (DesiredHelper helper : state.helpers()) {
      wanted.put(helper.spec(), helper.id());
    }
    return read() instanceof TableReading.Ours ours
        && ours.isIntact()
        && ours.fence().equals(state.fence())
        && ours.assignments().equals(wanted);
  }

  /** Of the ruleset: rises with every transaction of anybody. */
  int generation() {
    return Generation.of(socket);
  }

  /** Makes the table hold this. */
  void write(DesiredState state) {
    require(TABLE.write(socket, changeable(), state.fence(), state.helpers(), false));
  }

  /** Deletes the table, if there is one; returns when the transaction is over. */
  void delete() {
    require(TABLE.remove(socket, changeable()));
  }

  Changeable changeable() {
    if (read() instanceof Changeable changeable) {
      return changeable;
    }
    throw new IllegalStateException("the table cannot be read");
  }

  /** The same, of what was read before. */
  void delete(Changeable before) {
    require(TABLE.remove(socket, before));
  }

  private static void require(CommitResult result) {
    if (!(result instanceof CommitResult.Committed)) {
      throw new IllegalStateException("not committed: " + result);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
