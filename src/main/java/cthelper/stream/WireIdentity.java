package cthelper.stream;

import cthelper.model.AddressFamily;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.node.NodeExecutor;
import cthelper.stream.wire.Capability;
import cthelper.stream.wire.Hello;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who a node is and what its kernel can do, to and from the wire. Pure. */
final class WireIdentity {

  /** Of the messages; a node that speaks another one says so. */
  static final int CONTRACT = 1;

  private WireIdentity() {}

  static Hello hello(NodeExecutor node, ThisProcess process) {
    NodeIdentity identity = node.identity();
    return Hello.newBuilder()
        .setContract(CONTRACT)
        .setAgentId(WireValues.id(identity.id().value()))
        .setNodeName(identity.name())
        .setProcessId(WireValues.id(node.process()))
        .setBootId(process.bootId())
        .setVersion(process.version())
        .setKernel(identity.kernel())
        .addAllCapabilities(capabilities(identity.helpers()))
        .build();
  }

  static NodeIdentity identity(Hello hello) {
    return new NodeIdentity(
        new NodeId(WireValues.id(hello.getAgentId())),
        hello.getNodeName(),
        hello.getKernel(),
        helpers(hello.getCapabilitiesList()));
  }

  static List<Capability> capabilities(Map<HelperType, Set<AddressFamily>> helpers) {
    return helpers.entrySet().stream()
        .map(entry ->
            Capability.newBuilder()
                .setHelper(entry.getKey().name())
                .setProtocol(entry.getKey().protocol().wireName())
                .addAllFamilies(WireValues.families(entry.getValue()))
                .build())
        .sorted(Comparator.comparing(Capability::getHelper).thenComparing(Capability::getProtocol))
        .toList();
  }

  /** Those that this version knows. */
  static Map<HelperType, Set<AddressFamily>> helpers(List<Capability> capabilities) {
    Map<HelperType, Set<AddressFamily>> helpers = new HashMap<>();
    for (Capability capability : capabilities) {
      WireValues.helperType(capability.getHelper(), capability.getProtocol())
          .ifPresent(
              type -> helpers.put(type, WireValues.knownFamilies(capability.getFamiliesList())));
    }
    return helpers;
  }
}
