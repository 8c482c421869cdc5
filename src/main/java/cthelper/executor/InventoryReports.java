package cthelper.executor;

import cthelper.model.Quoted;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeReports;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tells the reconciler which namespaces are here. When it cannot be told (its database is away),
 * the single changes are dropped and the whole inventory is sent as soon as it can. Told from the
 * thread of the namespaces, which never waits; everything is reported on one of its own.
 */
final class InventoryReports implements RouterNamespaces.Listener {

  private static final Logger LOG = Logger.getLogger(InventoryReports.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final NodeExecutor node;
  private final NodeReports reports;
  private final Supplier<List<RouterNamespace>> inventory;
  private final TaskThread thread;
  private boolean inventoryOwed;
  private volatile boolean ended;

  InventoryReports(
      NodeExecutor node,
      NodeReports reports,
      Supplier<List<RouterNamespace>> inventory,
      TaskThread thread) {
    this.node = node;
    this.reports = reports;
    this.inventory = inventory;
    this.thread = thread;
  }

  /** Sends all that is here, again and again until it is taken. On the reporting thread. */
  void sendInventory() {
    if (ended) {
      return;
    }
    try {
      reports.connected(node, inventory.get().stream().map(RouterNamespace::reported).toList());
      if (inventoryOwed) {
        inventoryOwed = false;
        LOG.info("inventory taken again");
      }
    } catch (RuntimeException | LinkageError e) { // a class that cannot be loaded for now
      if (!inventoryOwed) {
        LOG.warnf("inventory not taken: %s; trying every second", Quoted.of(e));
      }
      inventoryOwed = true;
      thread.runAfter(RETRY, this::sendInventory);
    }
  }

  /** The reconciler is told nothing any more. */
  void end() {
    ended = true;
  }

  @Override
  public void appeared(RouterNamespace namespace) {
    thread.run(() -> tell(() -> reports.appeared(node.identity().id(), namespace.reported())));
  }

  @Override
  public void vanished(RouterNamespace namespace) {
    thread.run(() -> tell(() -> reports.vanished(node.identity().id(), namespace.reported())));
  }

  private void tell(Runnable report) {
    if (inventoryOwed || ended) {
      return;
    }
    try {
      report.run();
    } catch (RuntimeException e) {
      LOG.warnf("report not taken: %s; the whole inventory will be sent", Quoted.of(e));
      inventoryOwed = true;
      thread.runAfter(RETRY, this::sendInventory);
    }
  }
}
