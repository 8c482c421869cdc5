package cthelper.node;

import cthelper.model.DesiredState;
import cthelper.model.NodeIdentity;
import cthelper.model.Placement;
import java.util.UUID;

/**
 * What the reconciler may ask of a node. Messages, not calls: everything is answered through {@link
 * NodeReports}, may be asked again at any time, and a lost message costs delay only. Thread-safe.
 */
public interface NodeExecutor {

  /** Who it is, and what its kernel has right now. */
  NodeIdentity identity();

  /**
   * Drawn when its process started. Two with one id are not the same node: a data directory was
   * copied.
   */
  UUID process();

  /**
   * Make this placement's namespace hold the desired state; an empty one means forget. Returns at
   * once; answered by one {@link NodeReports#observed} from another thread. A newer state for the
   * same placement may overtake an older one that has not begun.
   */
  void desire(Placement placement, DesiredState desired);

  /**
   * Another link of the same node has begun and this one does not count any more: what it reports
   * changes nothing. Returns at once.
   */
  void dismissed();
}
