package cthelper.reconcile;

import cthelper.config.Adoption;
import cthelper.model.NodeId;
import cthelper.node.NodeLinks;
import cthelper.node.NodeReports;
import cthelper.store.NodeStore;
import cthelper.store.PlacementStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The links of nodes to this process's reconciler. */
@ApplicationScoped
class ReconcilerLinks implements NodeLinks {

  private final PlacementStore placements;
  private final NodeStore known;
  private final NodeConnections nodes;
  private final Asked asked;
  private final ReconcileLoop loop;
  private final Adoption adoption;
  private final ReconcileMetrics metrics;

  ReconcilerLinks(
      PlacementStore placements,
      NodeStore known,
      NodeConnections nodes,
      Asked asked,
      ReconcileLoop loop,
      Adoption adoption,
      ReconcileMetrics metrics) {
    this.placements = placements;
    this.known = known;
    this.nodes = nodes;
    this.asked = asked;
    this.loop = loop;
    this.adoption = adoption;
    this.metrics = metrics;
  }

  @Override
  public NodeReports begin() {
    return new NodeObservations(placements, nodes, asked, loop, adoption, metrics);
  }

  @Override
  public Optional<String> nameOf(NodeId node) {
    return known.find(node).map(view -> view.node().name());
  }
}
