package cthelper.stream;

import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeLinks;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A reconciler with a memory for a database: what it knows of one node. Thread-safe. */
final class RecordedLinks implements NodeLinks {

  private final Map<String, NodeNamespace> namespaces = new HashMap<>();
  private final Map<Placement, ObservedState> answers = new HashMap<>();
  private final Map<Placement, Integer> drifts = new HashMap<>();
  private final Map<NodeId, String> names = new ConcurrentHashMap<>();
  private final AtomicInteger reportsToLose = new AtomicInteger();
  private final AtomicInteger inventoriesToLose = new AtomicInteger();
  private final AtomicBoolean isToBeDismissed = new AtomicBoolean();
  private @Nullable NodeExecutor node;
  private int farewells;
  private int inventories;
  private int unclaimed;

  /** The next so many reports other than inventories find the database away. */
  void lose(int reports) {
    reportsToLose.set(reports);
  }

  /** The next so many inventories find the database away. */
  void loseInventories(int some) {
    inventoriesToLose.set(some);
  }

  /** The link of the next inventory is dismissed while that is written down. */
  void dismissNext() {
    isToBeDismissed.set(true);
  }

  /** How often a link's last word was that it went. */
  synchronized int farewells() {
    return farewells;
  }

  synchronized Optional<NodeExecutor> node() {
    return Optional.ofNullable(node);
  }

  synchronized Optional<NodeIdentity> identity() {
    return node().map(NodeExecutor::identity);
  }

  synchronized Map<String, NodeNamespace> namespaces() {
    return Map.copyOf(namespaces);
  }

  synchronized Map<Placement, ObservedState> answers() {
    return Map.copyOf(answers);
  }

  synchronized int drifts(Placement placement) {
    return drifts.getOrDefault(placement, 0);
  }

  synchronized int inventories() {
    return inventories;
  }

  synchronized int unclaimed() {
    return unclaimed;
  }

  /** It was heard under this name before. */
  void call(NodeId id, String name) {
    names.put(id, name);
  }

  @Override
  public Optional<String> nameOf(NodeId id) {
    return Optional.ofNullable(names.get(id));
  }

  @Override
  public NodeReports begin() {
    return new Reports();
  }

  private final class Reports implements NodeReports {

    private @Nullable NodeExecutor linked;

    private void failIf(AtomicInteger toLose) {
      if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("the database is away");
      }
    }

    private void writeDown(Runnable change) {
      failIf(reportsToLose);
      synchronized (RecordedLinks.this) {
        change.run();
      }
    }

    @Override
    public void connected(NodeExecutor executor, List<NodeNamespace> inventory) {
      if (isToBeDismissed.getAndSet(false)) {
        executor.dismissed();
      }
      failIf(inventoriesToLose);
      synchronized (RecordedLinks.this) {
        linked = executor;
        node = executor;
        inventories++;
        namespaces.clear();
        answers.clear();
        inventory.forEach(namespace -> namespaces.put(namespace.name(), namespace));
      }
    }

    @Override
    public void appeared(NodeId id, NodeNamespace namespace) {
      writeDown(() -> namespaces.put(namespace.name(), namespace));
    }

    @Override
    public void vanished(NodeId id, NodeNamespace namespace) {
      writeDown(() -> {
        namespaces.remove(namespace.name());
        answers.remove(new Placement(namespace.router(), id, namespace.name()));
      });
    }

    @Override
    public void observed(Placement placement, ObservedState state) {
      writeDown(() -> answers.put(placement, state));
    }

    @Override
    public void drifted(Placement placement, DriftRepairs drift) {
      writeDown(() -> drifts.merge(placement, drift.count(), Integer::sum));
    }

    @Override
    public void unclaimed(Placement placement) {
      writeDown(() -> unclaimed++);
    }

    @Override
    public void disconnected(NodeId id) {
      synchronized (RecordedLinks.this) {
        farewells++;
        if (linked != null && linked.equals(node)) {
          node = null;
        }
      }
    }
  }
}
