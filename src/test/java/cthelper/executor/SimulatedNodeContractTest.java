package cthelper.executor;

import static java.util.Objects.requireNonNull;

import cthelper.model.AddressFamily;
import cthelper.model.NodeIdentity;
import cthelper.model.RouterId;
import cthelper.node.NodeNamespace;
import cthelper.node.ReportingNode;
import cthelper.stream.SimulatedNode;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** The node of the benchmarks and of the stream's tests, whose kernel is a map. */
class SimulatedNodeContractTest extends ReportingNodeContract {

  private final Map<RouterId, NodeNamespace> namespaces = new HashMap<>();
  private long cookies;
  private final SimulatedNode node =
      new SimulatedNode(
          new NodeIdentity(
              Plan.NODE,
              "node-1",
              "simulated",
              Map.of(
                  Plan.FTP,
                  EnumSet.allOf(AddressFamily.class),
                  Plan.TFTP,
                  EnumSet.of(AddressFamily.IPV4))),
          UUID.randomUUID(),
          List.of());

  @Override
  ReportingNode node() {
    return node;
  }

  @Override
  void appear(RouterId router) {
    NodeNamespace namespace = new NodeNamespace("qrouter-" + router, router, true, ++cookies);
    namespaces.put(router, namespace);
    node.appear(namespace);
  }

  @Override
  void vanish(RouterId router) {
    node.vanish(requireNonNull(namespaces.remove(router)));
  }

  @AfterEach
  void end() {
    node.close();
  }
}
