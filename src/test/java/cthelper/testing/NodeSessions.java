package cthelper.testing;

import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.store.NodeSession;
import cthelper.store.PlacementStore;
import cthelper.store.ReportedNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What nodes report in their newest session, for tests to which sessions do not matter. */
public final class NodeSessions {

  private static final UUID PROCESS = new UUID(0, 1);
  private static final Map<NodeId, NodeSession> NEWEST = new ConcurrentHashMap<>();

  private NodeSessions() {}

  public static void connected(
      PlacementStore store, NodeIdentity node, Duration lease, List<ReportedNamespace> namespaces) {
    NEWEST.put(node.id(), store.connected(node, PROCESS, lease, namespaces));
  }

  public static void heartbeat(PlacementStore store, NodeIdentity node, Duration lease) {
    if (store.heartbeat(Map.of(of(node.id()), node), lease).isEmpty()) {
      throw new AssertionError("not the newest session of " + node);
    }
  }

  public static void appeared(PlacementStore store, NodeId node, ReportedNamespace namespace) {
    store.appeared(of(node), namespace);
  }

  public static void vanished(PlacementStore store, NodeId node, String namespace) {
    store.vanished(of(node), namespace);
  }

  public static Optional<Duration> record(
      PlacementStore store, Placement placement, ObservedState state, Duration retryAfter) {
    return store.record(of(placement.node()), placement, state, retryAfter);
  }

  public static void drifted(PlacementStore store, Placement placement, DriftRepairs drift) {
    store.drifted(of(placement.node()), placement, drift);
  }

  private static NodeSession of(NodeId node) {
    return Optional.ofNullable(NEWEST.get(node)).orElse(new NodeSession(node, 0));
  }
}
