package cthelper.stream;

import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import cthelper.node.ReportingNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A node whose kernel is a map: what a namespace of it was last made to hold. Answers as the
 * executor of a real one does (both pass {@code ReportingNodeContract}). Thread-safe; reports from
 * a thread of its own, a virtual one.
 */
public final class SimulatedNode implements ReportingNode, AutoCloseable {

  static final UUID PROCESS = new UUID(3, 3);

  private final ExecutorService reporting =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
  private final NodeIdentity identity;
  private final UUID process;
  private final Map<String, NodeNamespace> namespaces = new TreeMap<>();
  private final Map<Placement, DesiredState> held = new ConcurrentHashMap<>();
  private volatile @Nullable NodeReports reports;

  SimulatedNode(NodeNamespace... here) {
    this(Plan.IDENTITY, PROCESS, List.of(here));
  }

  /**
   * @param identity whose helper types are those the kernel has
   * @param here what it begins with
   */
  public SimulatedNode(NodeIdentity identity, UUID process, List<NodeNamespace> here) {
    this.identity = identity;
    this.process = process;
    here.forEach(namespace -> namespaces.put(namespace.name(), namespace));
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
    return identity;
  }

  @Override
  public UUID process() {
    return process;
  }

  @Override
  public void connect(NodeReports reconciler) {
    reports = reconciler;
    say(to -> to.connected(this, inventory()));
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
    ObservedState answer = apply(placement, desired);
    say(to -> to.observed(placement, answer));
  }

  private synchronized ObservedState apply(Placement placement, DesiredState desired) {
    if (!namespaces.containsKey(placement.namespace())) {
      return new Gone();
    }
    @Nullable DesiredState before = held.get(placement);
    Fence fence = desired.fence();
    if (before != null
        && before.fence().isOfSameInstallation(fence)
        && before.fence().isNewerThan(fence)) {
      return new Superseded(fence, before.fence());
    }
    held.put(placement, desired);
    boolean anyhow = before == null && desired.helpers().isEmpty(); // as it was: nothing
    return new Held(
        fence,
        desired.helpers().stream().map(this::verdict).toList(),
        !anyhow && !desired.equals(before));
  }

  private Verdict verdict(DesiredHelper helper) {
    Set<AddressFamily> families = identity.helpers().getOrDefault(helper.spec().type(), Set.of());
    return families.isEmpty()
        ? Verdict.refused(helper, Reason.HELPER_NOT_IN_KERNEL, "not in this simulated kernel")
        : Verdict.proven(helper, families);
  }

  /** The namespace is here, instead of the one that had its name. */
  public synchronized void appear(NodeNamespace namespace) {
    forget(namespace.name());
    namespaces.put(namespace.name(), namespace);
    say(to -> to.appeared(identity.id(), namespace));
  }

  public synchronized void vanish(NodeNamespace namespace) {
    forget(namespace.name());
    namespaces.remove(namespace.name());
    say(to -> to.vanished(identity.id(), namespace));
  }

  private void forget(String namespace) {
    held.keySet().removeIf(placement -> placement.namespace().equals(namespace));
  }

  /** Says something to who listens now; on the reporting thread, after all that was said before. */
  void say(Saying saying) {
    NodeReports to = reports;
    if (to != null) {
      reporting.execute(() -> tell(to, saying));
    }
  }

  private void tell(NodeReports to, Saying saying) {
    if (to.equals(reports)) {
      try {
        saying.to(to);
      } catch (IllegalStateException e) {
        // not taken: all is told to the next one
      }
    }
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
    say(to -> to.disconnected(identity.id()));
    controlPlane.close();
  }

  @Override
  public void close() {
    reporting.shutdownNow();
  }
}
