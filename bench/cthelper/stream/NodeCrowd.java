package cthelper.stream;

import cthelper.config.HostAndPort;
import cthelper.model.AddressFamily;
import cthelper.model.DesiredState;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import cthelper.node.ReportingNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Many nodes in one process, each with a stream of its own as executors have it, and with a kernel
 * that holds at once whatever is desired.
 */
public final class NodeCrowd implements AutoCloseable {

  private static final HelperType FTP = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
  private static final Map<HelperType, Set<AddressFamily>> CAPABILITIES =
      Map.of(FTP, EnumSet.allOf(AddressFamily.class));

  private final List<ControlPlane> links = new ArrayList<>();
  private final ExecutorService answering = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Begins to dial; returns at once.
   *
   * @param addresses of reconcilers, {@code host:port}; every second node begins with the last one
   */
  public NodeCrowd(int nodes, int routersEach, List<String> addresses) {
    for (int number = 1; number <= nodes; number++) {
      List<String> order = number % 2 == 0 ? addresses.reversed() : addresses;
      ControlPlane link =
          new ControlPlane(
              HostAndPort.all(Optional.of(order)),
              new ThisProcess("bench", "bench"),
              new StreamTls(Optional.empty()));
      links.add(link);
      link.start(new Node(number, routersEach));
    }
  }

  /** How many were welcomed and not lost since. */
  public long connected() {
    return links.stream().filter(link -> link.trouble().isEmpty()).count();
  }

  public static UUID router(int node, int number) {
    return new UUID(node, number);
  }

  @Override
  public void close() {
    links.forEach(ControlPlane::stopDialling);
    try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
      links.forEach(link -> closing.execute(link::close));
    }
    answering.close();
  }

  private final class Node implements ReportingNode {

    private final UUID process = UUID.randomUUID();
    private final NodeIdentity identity;
    private final List<NodeNamespace> namespaces = new ArrayList<>();
    private volatile NodeReports reports;

    Node(int number, int routers) {
      identity =
          new NodeIdentity(
              new NodeId(new UUID(0x4000, number)), "node-" + number, "simulated", CAPABILITIES);
      for (int i = 1; i <= routers; i++) {
        RouterId router = new RouterId(router(number, i));
        namespaces.add(new NodeNamespace("qrouter-" + router, router, true, i));
      }
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
      answering.execute(() -> reconciler.connected(this, namespaces));
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
      answering.execute(() -> answer(placement, desired));
    }

    private void answer(Placement placement, DesiredState desired) {
      NodeReports to = reports;
      if (to != null) {
        List<Verdict> verdicts =
            desired.helpers().stream()
                .map(helper -> Verdict.proven(helper, helper.spec().type().families()))
                .toList();
        to.observed(placement, new Held(desired.fence(), verdicts, true));
      }
    }
  }
}
