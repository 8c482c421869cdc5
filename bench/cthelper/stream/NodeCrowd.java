package cthelper.stream;

import cthelper.config.HostAndPort;
import cthelper.model.AddressFamily;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import cthelper.node.NodeNamespace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Many nodes in one process, each with a stream of its own as executors have it, and with a kernel
 * that holds at once whatever is desired.
 */
public final class NodeCrowd implements AutoCloseable {

  private static final HelperType FTP = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
  private static final Map<HelperType, Set<AddressFamily>> CAPABILITIES =
      Map.of(FTP, EnumSet.allOf(AddressFamily.class));

  /** Each node says when it loses its link and has it again. */
  private static final Logger LOG = Logger.getLogger("cthelper.stream");

  static {
    LOG.setLevel(Level.OFF);
  }

  private final List<ControlPlane> links = new ArrayList<>();
  private final List<SimulatedNode> simulated = new ArrayList<>();

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
      SimulatedNode node = node(number, routersEach);
      simulated.add(node);
      link.start(node);
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
    simulated.forEach(SimulatedNode::close);
  }

  private static SimulatedNode node(int number, int routers) {
    List<NodeNamespace> namespaces = new ArrayList<>();
    for (int i = 1; i <= routers; i++) {
      RouterId router = new RouterId(router(number, i));
      namespaces.add(new NodeNamespace("qrouter-" + router, router, true, i));
    }
    NodeIdentity identity =
        new NodeIdentity(
            new NodeId(new UUID(0x4000, number)), "node-" + number, "simulated", CAPABILITIES);
    return new SimulatedNode(identity, UUID.randomUUID(), namespaces);
  }
}
