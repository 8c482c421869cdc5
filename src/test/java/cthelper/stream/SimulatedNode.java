package cthelper.stream;

import cthelper.model.DesiredState;
import cthelper.model.NodeIdentity;
import cthelper.model.Placement;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import cthelper.node.ReportingNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A node whose namespaces hold whatever is desired, and which says so. Thread-safe; reports from a
 * thread of its own, as the executor does.
 */
final class SimulatedNode implements ReportingNode, AutoCloseable {

  static final UUID PROCESS = new UUID(3, 3);

  private final ExecutorService reporting = Executors.newSingleThreadExecutor();
  private final Map<String, NodeNamespace> namespaces = new TreeMap<>();
  private final Map<Placement, DesiredState> held = new ConcurrentHashMap<>();
  private volatile @Nullable NodeReports reports;

  SimulatedNode(NodeNamespace... here) {
    for (NodeNamespace namespace : here) {
      namespaces.put(namespace.name(), namespace);
    }
  }

  /** What is held where. */
  Map<Placement, DesiredState> held() {
    return Map.copyOf(held);
  }

  boolean isConnected() {
    return reports != null;
  }

  @Override
  public NodeIdentity identity() {
    return Plan.IDENTITY;
  }

  @Override
  public UUID process() {
    return PROCESS;
  }

  @Override
  public void connect(NodeReports reconciler) {
    reports = reconciler;
    reporting.execute(() -> tell(to -> to.connected(this, inventory())));
  }

  private synchronized List<NodeNamespace> inventory() {
    return List.copyOf(namespaces.values());
  }

  @Override
  public void disconnect(NodeReports reconciler) {
    if (reconciler.equals(reports)) {
      reports = null;
    }
  }

  @Override
  public void dismissed() {
    throw new UnsupportedOperationException("over a stream only");
  }

  @Override
  public void desire(Placement placement, DesiredState desired) {
    held.put(placement, desired);
    reporting.execute(() -> tell(to -> to.observed(placement, Plan.held(desired))));
  }

  synchronized void appear(NodeNamespace namespace) {
    namespaces.put(namespace.name(), namespace);
    reporting.execute(() -> tell(to -> to.appeared(Plan.NODE, namespace)));
  }

  synchronized void vanish(NodeNamespace namespace) {
    namespaces.remove(namespace.name());
    reporting.execute(() -> tell(to -> to.vanished(Plan.NODE, namespace)));
  }

  /** Says something; on the reporting thread, after all that was said before. */
  void say(Saying saying) {
    reporting.execute(() -> tell(saying));
  }

  /** Returns when all of it was said. */
  void awaitSaid() {
    CompletableFuture.runAsync(() -> {}, reporting).join();
  }

  /** Something to say to whoever listens. */
  @FunctionalInterface
  interface Saying {
    void to(NodeReports reports);
  }

  /** Ends the stream in good order, as a process that is stopped does. */
  void leave(ControlPlane controlPlane) {
    controlPlane.stopDialling();
    say(to -> to.disconnected(Plan.NODE));
    controlPlane.close();
  }

  private void tell(Saying saying) {
    NodeReports to = reports;
    if (to != null) {
      try {
        saying.to(to);
      } catch (IllegalStateException e) {
        // not taken: all is told to the next one
      }
    }
  }

  @Override
  public void close() {
    reporting.shutdownNow();
  }
}
