package cthelper.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A client and a server with a router between them, three network namespaces of this machine, until
 * closed. The router's firewall drops what nobody announced: data connections of FTP and TFTP pass
 * only if connection tracking has a helper for them.
 *
 * <pre>
 * The address plan, the same in every laboratory:
 *
 *   client                        router                            server
 *   eth0 ──────────────── to-client  to-server ─────────────────── eth0
 *   10.98.1.2/24        10.98.1.1/24 10.98.2.1/24          10.98.2.2/24
 *   fd98:0:0:1::2/64 fd98:0:0:1::1/64 fd98:0:0:2::1/64 fd98:0:0:2::2/64
 * </pre>
 *
 * <p>The router has the name it is given, for example {@code qrouter-<uuid>}; the others have
 * unique ones, {@code cth-lab-<id>-client} and {@code -server}. Laboratories side by side do not
 * meet: every link lies in namespaces of its own laboratory.
 *
 * <p>Not for use by several threads at once.
 */
public final class Lab implements AutoCloseable {

  private static final InetAddress CLIENT_IPV4 = InetAddress.ofLiteral("10.98.1.2");
  private static final InetAddress CLIENT_IPV6 = InetAddress.ofLiteral("fd98:0:0:1::2");
  private static final InetAddress ROUTER_IPV4 = InetAddress.ofLiteral("10.98.1.1");
  private static final InetAddress ROUTER_IPV6 = InetAddress.ofLiteral("fd98:0:0:1::1");
  private static final InetAddress SERVER_IPV4 = InetAddress.ofLiteral("10.98.2.2");
  private static final InetAddress SERVER_IPV6 = InetAddress.ofLiteral("fd98:0:0:2::2");

  private final LabNamespace client;
  private final LabNamespace router;
  private final LabNamespace server;
  private final OpenPorts openPorts;
  private final Nat nat;
  private final Firewall firewall;
  private final List<LabNamespace> created = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();

  private Lab(String routerNamespace, OpenPorts openPorts, Nat nat, Firewall firewall) {
    String prefix = "cth-lab-" + UUID.randomUUID().toString().substring(0, 8);
    this.client = new LabNamespace(prefix + "-client");
    this.router = new LabNamespace(routerNamespace);
    this.server = new LabNamespace(prefix + "-server");
    this.openPorts = openPorts;
    this.nat = nat;
    this.firewall = firewall;
  }

  /** Like {@link #open(String, OpenPorts, Nat)} with the usual ports of FTP and TFTP, no NAT. */
  public static Lab open(String routerNamespace) {
    return open(routerNamespace, OpenPorts.USUAL);
  }

  /** Like {@link #open(String, OpenPorts, Nat)} without NAT. */
  public static Lab open(String routerNamespace, OpenPorts openPorts) {
    return open(routerNamespace, openPorts, Nat.NONE);
  }

  /** Like {@link #open(String, OpenPorts, Nat)} without NAT, and with this firewall. */
  public static Lab open(String routerNamespace, OpenPorts openPorts, Firewall firewall) {
    return open(new Lab(routerNamespace, openPorts, Nat.NONE, firewall));
  }

  /**
   * Makes the three namespaces; when it returns, packets flow. Needs {@code ip}, {@code nsenter}
   * and {@code unshare} on the machine, and what the firewall needs.
   *
   * @throws IllegalStateException when something cannot be made, for example because a namespace of
   *     that name exists; what was made before is removed again
   */
  public static Lab open(String routerNamespace, OpenPorts openPorts, Nat nat) {
    return open(new Lab(routerNamespace, openPorts, nat, Firewall::withNft));
  }

  private static Lab open(Lab lab) {
    PrivateWorld.require("ip", "nsenter", "unshare");
    try {
      lab.createNamespace(lab.client);
      lab.createNamespace(lab.server);
      lab.createRouter();
      return lab;
    } catch (RuntimeException | Error failure) {
      lab.closeAfter(failure);
      throw failure;
    }
  }

  public LabNamespace client() {
    return client;
  }

  public LabNamespace router() {
    return router;
  }

  public LabNamespace server() {
    return server;
  }

  /** The client's address, as the server sees it. */
  public InetAddress clientIpv4() {
    return CLIENT_IPV4;
  }

  /** Where a server started with this port answers over IPv4. */
  public InetSocketAddress serverIpv4(int port) {
    return new InetSocketAddress(SERVER_IPV4, port);
  }

  /**
   * The same over IPv6.
   *
   * @throws IllegalStateException where this JVM has no IPv6: it decides so at its start, by its
   *     own namespace, and then opens no IPv6 socket in any other either
   */
  public InetSocketAddress serverIpv6(int port) {
    requireIpv6();
    return new InetSocketAddress(SERVER_IPV6, port);
  }

  /** Where the client reaches what answers on this port of the server, whatever the NAT. */
  public InetSocketAddress target(StandardProtocolFamily family, int port) {
    boolean isIpv4 = family == StandardProtocolFamily.INET;
    InetSocketAddress itself = isIpv4 ? serverIpv4(port) : serverIpv6(port);
    return nat == Nat.PORT_FORWARD
        ? new InetSocketAddress(isIpv4 ? ROUTER_IPV4 : ROUTER_IPV6, nat.outsidePort(port))
        : itself;
  }

  /** Starts an FTP server in the server's namespace; it ends with the laboratory. */
  public void startFtp(int port, Payload payload) {
    peers.add(FtpPeer.start(server, port, payload));
  }

  /** Starts a TFTP server in the server's namespace; it ends with the laboratory. */
  public void startTftp(int port, Payload payload) {
    peers.add(TftpPeer.start(server, port, payload));
  }

  /** Removes the router's namespace and its links; the client and the server stay, cut off. */
  public void deleteRouter() {
    ip(router, "link delete to-client", "link delete to-server");
    deleteNamespace(router);
  }

  /** Makes the router, after {@link #deleteRouter()} under the same name as before, but empty. */
  public void createRouter() {
    createNamespace(router);
    setting(router, "ipv4/ip_forward", "1");
    setting(router, "ipv6/conf/all/forwarding", "1");
    // Index 1001, 1002: the two ends of a pair must not have the same index by accident. The kernel
    // then takes them for a plain link, whose carrier it may notice a second late (link_watch.c).
    ip(
        router,
        "link add to-client index 1001 type veth peer name eth0 netns " + client.name(),
        "link add to-server index 1002 type veth peer name eth0 netns " + server.name(),
        "address add 10.98.1.1/24 dev to-client",
        "address add fd98:0:0:1::1/64 dev to-client",
        "address add 10.98.2.1/24 dev to-server",
        "address add fd98:0:0:2::1/64 dev to-server",
        "link set to-client up",
        "link set to-server up");
    connectEnd(client, CLIENT_IPV4, CLIENT_IPV6, "10.98.1.1", "fd98:0:0:1::1");
    connectEnd(server, SERVER_IPV4, SERVER_IPV6, "10.98.2.1", "fd98:0:0:2::1");
    firewall.install(router, openPorts);
    if (nat != Nat.NONE) {
      router.nft(nat.table(openPorts));
    }
    ReadyLinks.awaitIn(router, "to-client", "to-server");
    ReadyLinks.awaitIn(client, "eth0");
    ReadyLinks.awaitIn(server, "eth0");
  }

  private static void connectEnd(
      LabNamespace end,
      InetAddress ipv4,
      InetAddress ipv6,
      String ipv4Gateway,
      String ipv6Gateway) {
    ip(
        end,
        "address add %s/24 dev eth0".formatted(ipv4.getHostAddress()),
        "address add %s/64 dev eth0".formatted(ipv6.getHostAddress()),
        "link set eth0 up",
        "route add default via " + ipv4Gateway,
        "route add default via " + ipv6Gateway);
  }

  /**
   * Ends the peers and removes every namespace this laboratory made, and with them their links;
   * each as far as it can, whatever fails. May run again.
   */
  @Override
  public void close() {
    List<Runnable> steps = new ArrayList<>();
    peers.forEach(peer -> steps.add(peer::close));
    peers.clear();
    List.copyOf(created).forEach(namespace -> steps.add(() -> deleteNamespace(namespace)));
    runAll(steps);
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  /**
   * {@code unshare -n} because {@code ip netns add} returns to the network namespace it came from,
   * which an ordinary user with a user namespace of his own may do only if he owns that one too.
   */
  private void createNamespace(LabNamespace namespace) {
    Command.of("ip", "netns", "add", namespace.name()).after("unshare", "-n").run();
    created.add(namespace);
    // Duplicate address detection would hold IPv6 addresses back for a second.
    setting(namespace, "ipv6/conf/all/accept_dad", "0");
    setting(namespace, "ipv6/conf/default/accept_dad", "0");
    ip(namespace, "link set lo up");
  }

  private void deleteNamespace(LabNamespace namespace) {
    created.remove(namespace);
    if (namespace.exists()) {
      Command.of("ip", "netns", "delete", namespace.name()).run();
    }
  }

  /** Runs every step, then throws the first failure with the others attached. */
  private static void runAll(List<Runnable> steps) {
    List<RuntimeException> failures = new ArrayList<>();
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException failure) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  private static void ip(LabNamespace namespace, String... lines) {
    Command.of("ip", "-n", namespace.name(), "-batch", "-")
        .withInput(Arrays.stream(lines).collect(Collectors.joining("\n", "", "\n")))
        .run();
  }

  /** Writes a file below {@code /proc/sys/net}, which shows the namespace of the writing thread. */
  private static void setting(LabNamespace namespace, String name, String value) {
    namespace.call(() ->
        Files.writeString(Path.of("/proc/sys/net").resolve(name), value, StandardOpenOption.WRITE));
  }

  private static void requireIpv6() {
    try {
      if (Files.readString(Path.of("/proc/net/if_inet6")).isBlank()) {
        throw new IllegalStateException(
            "Java has no IPv6 here: /proc/net/if_inet6 is empty; set the loopback up with ::1");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Java has no IPv6 here", failure);
    }
  }
}
