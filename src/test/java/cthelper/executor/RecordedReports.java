package cthelper.executor;

import static org.awaitility.Awaitility.await;

import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A reconciler that only keeps what it was told, in order. */
class RecordedReports implements NodeReports {

  /** One thing a node told. */
  sealed interface Report {
    record Connected(List<NodeNamespace> inventory) implements Report {}

    record Appeared(NodeNamespace namespace) implements Report {}

    record Vanished(NodeNamespace namespace) implements Report {}

    record Observed(Placement placement, ObservedState state) implements Report {}

    record Drifted(Placement placement, DriftRepairs drift) implements Report {}

    record Unclaimed(Placement placement) implements Report {}

    record Disconnected() implements Report {}
  }

  /** A node for those that only need its name. */
  static final NodeExecutor NODE =
      new NodeExecutor() {
        @Override
        public NodeIdentity identity() {
          return new NodeIdentity(Plan.NODE, "node-1", "6.18.44", Map.of());
        }

        @Override
        public UUID process() {
          return new UUID(0, 1);
        }

        @Override
        public void desire(Placement placement, DesiredState desired) {
          throw new UnsupportedOperationException("nothing is desired here");
        }

        @Override
        public void dismissed() {
          throw new UnsupportedOperationException("there is one link only");
        }
      };

  private final List<Report> reports = new CopyOnWriteArrayList<>();

  /** Everything so far. */
  List<Report> all() {
    return List.copyOf(reports);
  }

  <T extends Report> List<T> all(Class<T> kind) {
    return reports.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Waits for the first report of this kind that is as wanted. */
  <T extends Report> T awaitOne(Class<T> kind, Predicate<T> wanted) {
    return await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> all(kind).stream().filter(wanted).findFirst(), found -> found.isPresent())
        .orElseThrow();
  }

  @Override
  public void connected(NodeExecutor node, List<NodeNamespace> inventory) {
    reports.add(new Report.Connected(List.copyOf(inventory)));
  }

  @Override
  public void appeared(NodeId node, NodeNamespace namespace) {
    reports.add(new Report.Appeared(namespace));
  }

  @Override
  public void vanished(NodeId node, NodeNamespace namespace) {
    reports.add(new Report.Vanished(namespace));
  }

  @Override
  public void observed(Placement placement, ObservedState state) {
    reports.add(new Report.Observed(placement, state));
  }

  @Override
  public void drifted(Placement placement, DriftRepairs drift) {
    reports.add(new Report.Drifted(placement, drift));
  }

  @Override
  public void unclaimed(Placement placement) {
    reports.add(new Report.Unclaimed(placement));
  }

  @Override
  public void disconnected(NodeId node) {
    reports.add(new Report.Disconnected());
  }
}
