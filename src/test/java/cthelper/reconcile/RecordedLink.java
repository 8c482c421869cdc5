package cthelper.reconcile;

import cthelper.model.DesiredState;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.Placement;
import cthelper.node.NodeExecutor;
import java.util.Map;
import java.util.UUID;

/** A link that only knows whether it was dismissed. */
final class RecordedLink implements NodeExecutor {

  private static final UUID PROCESS = new UUID(0, 3);

  private final NodeId id;
  private boolean isDismissed;

  RecordedLink(NodeId id) {
    this.id = id;
  }

  boolean isDismissed() {
    return isDismissed;
  }

  @Override
  public NodeIdentity identity() {
    return new NodeIdentity(id, "node-" + id, "6.18.44", Map.of());
  }

  @Override
  public UUID process() {
    return PROCESS;
  }

  @Override
  public void desire(Placement placement, DesiredState desired) {
    throw new UnsupportedOperationException("nothing is desired here");
  }

  @Override
  public void dismissed() {
    isDismissed = true;
  }
}
