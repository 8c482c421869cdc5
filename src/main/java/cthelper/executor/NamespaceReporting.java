package cthelper.executor;

import cthelper.node.NodeExecutor;
import cthelper.node.NodeReports;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of this node's namespaces: one reconciler at a time, or nobody. Every method belongs
 * on the thread of the namespaces; the reports themselves are made on one of their own, since a
 * control plane that does not answer is to keep nobody from opening and closing namespaces.
 */
final class NamespaceReporting implements AutoCloseable {

  private final RouterNamespaces namespaces;
  private final TaskThread thread = new TaskThread("namespace-reports");
  private @Nullable InventoryReports current;

  NamespaceReporting(RouterNamespaces namespaces) {
    this.namespaces = namespaces;
  }

  /** Sends the inventory to this reconciler, and each change from then on; to no other one. */
  void begin(NodeExecutor node, NodeReports reports) {
    end();
    InventoryReports begun = new InventoryReports(node, reports, namespaces::all, thread);
    current = begun;
    namespaces.tell(begun);
    thread.run(begun::sendInventory);
  }

  /** Nobody is told any more. */
  void end() {
    InventoryReports ended = current;
    current = null;
    if (ended != null) {
      namespaces.tellNoMore(ended);
      ended.end();
    }
  }

  /** Sends the inventory again to whoever is told. */
  void again() {
    InventoryReports told = current;
    if (told != null) {
      thread.run(told::sendInventory);
    }
  }

  /** Does this after everything that is to be told by now. */
  void afterReports(Runnable task) {
    thread.run(task);
  }

  @Override
  public void close() {
    thread.close();
  }
}
