package cthelper.reconcile;

import cthelper.config.Adoption;
import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.model.RouterId;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import cthelper.reconcile.NodeConnections.Connection;
import cthelper.store.NodeSession;
import cthelper.store.PlacementStore;
import cthelper.store.ReportedNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what one node reports over one link, and wakes the loop. A report that cannot be
 * written is dropped: the placement stays due and is asked again, an answer a second later.
 */
final class NodeObservations implements NodeReports {

  private static final Logger LOG = Logger.getLogger(NodeObservations.class);

  /** How long until a helper that the kernel lacks is tried again: its module may be loaded. */
  private static final Duration ABSENT_HELPER = Duration.ofMinutes(10);

  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

  private final PlacementStore placements;
  private final NodeConnections nodes;
  private final Asked asked;
  private final ReconcileLoop loop;
  private final Adoption adoption;
  private final ReconcileMetrics metrics;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private volatile @Nullable Connection connection;

  NodeObservations(
      PlacementStore placements,
      NodeConnections nodes,
      Asked asked,
      ReconcileLoop loop,
      Adoption adoption,
      ReconcileMetrics metrics) {
    this.placements = placements;
    this.nodes = nodes;
    this.asked = asked;
    this.loop = loop;
    this.adoption = adoption;
    this.metrics = metrics;
  }

  @Override
  public void connected(NodeExecutor node, List<NodeNamespace> inventory) {
    NodeIdentity identity = node.identity();
    Connection known = connection;
    if (known != null) {
      nodes.begin(known);
    }
    NodeSession session =
        placements.connected(
            identity,
            node.process(),
            ReconcileLoop.LEASE,
            inventory.stream().map(NodeObservations::reported).toList());
    Connection begun = new Connection(session, node);
    connection = begun;
    nodes.add(begun);
    asked.forget(identity.id()); // what the link before was asked nobody answers
    LOG.infof(
        "node connected node=%s id=%s session=%d namespaces=%d",
        Quoted.of(identity.name()), identity.id(), session.number(), inventory.size());
    adopt(identity.id());
    loop.signals().anywhere();
  }

  @Override
  public void appeared(NodeId node, NodeNamespace namespace) {
    placements.appeared(session(), reported(namespace));
    LOG.infof(
        "namespace appeared router=%s namespace=%s node=%s",
        namespace.router(), namespace.name(), node);
    adopt(node);
    loop.signals().in(namespace.router());
  }

  @Override
  public void vanished(NodeId node, NodeNamespace namespace) {
    placements.vanished(session(), namespace.name());
    asked.answered(new Placement(namespace.router(), node, namespace.name()));
    LOG.infof(
        "namespace vanished router=%s namespace=%s node=%s",
        namespace.router(), namespace.name(), node);
    loop.answered();
  }

  @Override
  public void observed(Placement placement, ObservedState state) {
    int attempts = asked.answered(placement);
    metrics.answered(state);
    Duration retryAfter = retryAfter(state, attempts + 1);
    try {
      placements.record(session(), placement, state, retryAfter).ifPresent(metrics::proven);
    } catch (RuntimeException e) {
      loop.signals().anywhereAfter(AFTER_TROUBLE);
      throw e;
    }
    loop.answered();
    if (state instanceof Failed || state instanceof Superseded) {
      loop.signals().anywhereAfter(retryAfter);
    }
  }

  @Override
  public void drifted(Placement placement, DriftRepairs drift) {
    placements.drifted(session(), placement, drift);
  }

  @Override
  public void unclaimed(Placement placement) {
    Optional<DesiredState> nothing = placements.ifUnknown(placement.router());
    nothing.ifPresent(state -> {
      LOG.infof(
          "table without router, to be forgotten router=%s namespace=%s node=%s",
          placement.router(), placement.namespace(), placement.node());
      nodes.of(placement.node()).ifPresent(node -> node.desire(placement, state));
    });
  }

  @Override
  public void disconnected(NodeId node) {
    Connection ended = connection;
    if (ended != null) {
      nodes.remove(ended);
      asked.forget(node);
      placements.disconnected(ended.session());
    }
  }

  /** Refused by the database when it is not the newest one any more. */
  private NodeSession session() {
    return Objects.requireNonNull(connection, "a report before the inventory").session();
  }

  private Duration retryAfter(ObservedState state, int attempts) {
    return switch (state) {
      case Held held -> ABSENT_HELPER;
      case Failed failed -> backoff.after(attempts);
      case Superseded superseded -> backoff.after(1);
      case ObservedState.Gone gone -> Duration.ZERO;
    };
  }

  private void adopt(NodeId node) {
    if (adoption.isOn()) {
      List<RouterId> adopted = placements.adopt(node, adoption.projectId());
      for (RouterId router : adopted) {
        LOG.infof("router adopted router=%s node=%s", router, node);
        loop.signals().in(router);
      }
    }
  }

  private static ReportedNamespace reported(NodeNamespace namespace) {
    return new ReportedNamespace(
        namespace.name(), namespace.router(), namespace.adoptable(), namespace.cookie());
  }
}
