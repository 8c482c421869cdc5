package cthelper.config;

import cthelper.model.Quoted;
import java.util.List;
import java.util.Optional;

/** What can be known to be wrong with the link between reconcilers and executors. */
final class NodeStreamChecks {

  private static final int MAX_PORT = 65535;
  private static final String CONTROL_PLANE = "cthelper.executor.control-plane";
  private static final String TUNNEL =
      "the node stream is not encrypted, and whoever reaches it could change every router; lead it"
          + " through a tunnel that ends on this machine (ssh -L, stunnel), and set ";

  private NodeStreamChecks() {}

  static void check(CtHelperConfig config, List<String> problems) {
    NodeLinkKind link = NodeLinkKind.of(config);
    if (link.dials()) {
      checkControlPlane(config.executor().controlPlane(), problems);
    }
    if (link.listens()) {
      checkListening(config.nodeStream(), problems);
    }
  }

  private static void checkControlPlane(Optional<List<String>> addresses, List<String> problems) {
    if (addresses.isEmpty()) {
      problems.add(
          "cthelper.roles: an executor without a reconciler in its process needs "
              + CONTROL_PLANE
              + ", where reconcilers listen, for example 127.0.0.1:9697; or add reconciler");
    }
    addresses.orElse(List.of()).forEach(address -> checkAddress(address, problems));
  }

  private static void checkAddress(String text, List<String> problems) {
    Optional<HostAndPort> address = HostAndPort.parse(text);
    if (address.isEmpty()) {
      problems.add(
          CONTROL_PLANE + ": " + Quoted.of(text) + " is not like 127.0.0.1:9697 or [::1]:9697");
    } else if (!Loopback.isAllOf(address.get().host())) {
      problems.add(
          "%s: %s is another machine: %s%s to its end here"
              .formatted(CONTROL_PLANE, address.get(), TUNNEL, CONTROL_PLANE));
    }
  }

  private static void checkListening(CtHelperConfig.NodeStream settings, List<String> problems) {
    if (!Loopback.isAllOf(settings.host())) {
      problems.add(
          "cthelper.node-stream.host: %s can be reached from other machines: %s%s=127.0.0.1"
              .formatted(Quoted.of(settings.host()), TUNNEL, "cthelper.node-stream.host"));
    }
    if (settings.port() < 1 || settings.port() > MAX_PORT) {
      problems.add("cthelper.node-stream.port: must be 1..65535, for example 9697");
    }
  }
}
