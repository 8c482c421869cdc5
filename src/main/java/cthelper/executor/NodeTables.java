package cthelper.executor;

import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.Reason;
import java.io.IOException;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Applies desired states to the tables of this node's namespaces. Thread-safe, one thread at a time
 * for one namespace.
 *
 * @param ownsTables whether new tables get the owner and persist flags
 */
record NodeTables(
    KernelHelpers kernel, TableTombstones tombstones, OwedRevokes revokes, boolean ownsTables) {

  private static final Logger LOG = Logger.getLogger(NodeTables.class);

  /**
   * Makes the namespace hold this, and proves it; whatever happens, there is an outcome.
   *
   * @param dropped what it was to hold before: to be revoked also where others have taken it out of
   *     the table, or the table away, before we could
   */
  ObservedState apply(RouterNamespace namespace, DesiredState desired, Set<HelperSpec> dropped) {
    try {
      if (!dropped.isEmpty()) {
        revokes.owe(namespace.socket().cookie(), dropped);
      }
      return new Apply(
              namespace.socket(),
              desired,
              kernel,
              tombstones,
              ownsTables,
              namespace.lastReading(),
              removed -> revokes.owe(namespace.socket().cookie(), removed))
          .run();
    } catch (IOException e) {
      String detail = "this node's files cannot be written: " + e.getMessage();
      return new Failed(desired.fence(), Reason.MACHINE_SHORT_OF_RESOURCES, detail);
    } catch (RuntimeException e) {
      // Either its socket was closed meanwhile, then nobody is told, or this is a bug of ours.
      LOG.debugf(e, "apply ended early namespace=%s", namespace.name());
      return new Failed(desired.fence(), Reason.KERNEL_ERROR, "not expected: " + e);
    }
  }
}
