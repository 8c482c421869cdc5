package cthelper.config;

import cthelper.model.Quoted;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What can be known to be wrong with the link between reconcilers and executors. */
final class NodeStreamChecks {

  private static final int MAX_PORT = 65535;
  private static final String CONTROL_PLANE = "cthelper.executor.control-plane";
  private static final String WAY_OUT =
      "without certificates whoever reaches the node stream could change every router: set"
          + " quarkus.tls.nodes.key-store.* and quarkus.tls.nodes.trust-store.* (see README), or ";

  private NodeStreamChecks() {}

  /** Whether these settings have both halves of the TLS configuration {@code nodes}. */
  static boolean isEncrypted(Iterable<String> settings) {
    return hasAny(settings, "KEY_STORE") && hasAny(settings, "TRUST_STORE");
  }

  private static boolean hasAny(Iterable<String> settings, String store) {
    return StreamSupport.stream(settings.spliterator(), false)
        .map(name -> name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
        .anyMatch(name -> name.startsWith("QUARKUS_TLS_NODES_" + store + "_"));
  }

  static void check(CtHelperConfig config, boolean isEncrypted, List<String> problems) {
    NodeLinkKind link = NodeLinkKind.of(config);
    if (link.dials()) {
      checkControlPlane(config.executor().controlPlane(), isEncrypted, problems);
    }
    if (link.listens()) {
      checkListening(config.nodeStream(), isEncrypted, problems);
    }
  }

  private static void checkControlPlane(
      Optional<List<String>> addresses, boolean isEncrypted, List<String> problems) {
    if (addresses.isEmpty()) {
      problems.add(
          "cthelper.roles: an executor without a reconciler in its process needs "
              + CONTROL_PLANE
              + ", where reconcilers listen, for example 127.0.0.1:9697; or add reconciler");
    }
    addresses.orElse(List.of()).forEach(address -> checkAddress(address, isEncrypted, problems));
  }

  private static void checkAddress(String text, boolean isEncrypted, List<String> problems) {
    Optional<HostAndPort> address = HostAndPort.parse(text);
    if (address.isEmpty()) {
      problems.add(
          CONTROL_PLANE + ": " + Quoted.of(text) + " is not like 127.0.0.1:9697 or [::1]:9697");
    } else if (!isEncrypted && !Loopback.isAllOf(address.get().host())) {
      problems.add(
          "%s: %s is another machine: %slead it through a tunnel that ends here"
              .formatted(CONTROL_PLANE, address.get(), WAY_OUT));
    }
  }

  private static void checkListening(
      CtHelperConfig.NodeStream settings, boolean isEncrypted, List<String> problems) {
    if (!isEncrypted && !Loopback.isAllOf(settings.host())) {
      problems.add(
          "cthelper.node-stream.host: %s can be reached from other machines: %sset it to 127.0.0.1"
              .formatted(Quoted.of(settings.host()), WAY_OUT));
    }
    if (settings.port() < 1 || settings.port() > MAX_PORT) {
      problems.add("cthelper.node-stream.port: must be 1..65535, for example 9697");
    }
  }
}
