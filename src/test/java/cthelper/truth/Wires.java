package cthelper.truth;

import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Packets through routers: one client namespace with a link to each router, which would send them
 * on to a host that does not exist. Connection tracking has the connection by then.
 *
 * <pre>
 *   client                      router
 *   w7 ─────────────────────── in        the 7th link: 10.64.7.0/25
 *   10.64.7.2                 10.64.7.1  → 10.64.7.200
 * </pre>
 */
final class Wires implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final LabNamespace CLIENT = new LabNamespace("model-client");
  private static final Pattern CONNECTION =
      Pattern.compile("ipv4 +2 (tcp|udp) .*? sport=(\\d+) dport=(\\d+) .*");
  private static final Pattern HELPER = Pattern.compile(" helper=(\\S+)");

  private final AtomicInteger links = new AtomicInteger();
  private final AtomicInteger sourcePorts = new AtomicInteger(10_000);
  private final Map<String, Integer> linkOf = new ConcurrentHashMap<>();

  /**
   * A connection as {@code conntrack} shows it.
   *
   * @param helper the kernel's name of the helper it carries
   */
  record Seen(String protocol, int sourcePort, int port, Optional<String> helper) {}

  Wires() {
    Command.of("ip", "netns", "add", CLIENT.name()).after("unshare", "-n").run();
  }

  /** Links a new namespace of a router; conntrack shows its connections for ten minutes. */
  void link(LabNamespace router) {
    int link = links.incrementAndGet();
    String net = "10.%d.%d.".formatted(64 + link / 256, link % 256);
    setting(router, "ipv4/ip_forward", "1");
    setting(router, "netfilter/nf_conntrack_udp_timeout", "600");
    setting(router, "netfilter/nf_conntrack_tcp_timeout_syn_sent", "600");
    ip(
        router,
        "link add in index 1001 type veth peer name w%d netns %s".formatted(link, CLIENT.name()),
        "address add %s1/25 dev in".formatted(net),
        "link set in up",
        "route add %s128/25 dev in".formatted(net));
    ip(
        CLIENT,
        "address add %s2/25 dev w%d".formatted(net, link),
        "link set w%d up".formatted(link),
        "route add %s128/25 via %s1".formatted(net, net));
    linkOf.put(router.name(), link);
  }

  /** Before its namespace is deleted: the kernel takes its time to remove links with it. */
  void unlink(LabNamespace router) {
    Integer link = linkOf.remove(router.name());
    if (link != null) {
      ip(CLIENT, "link delete w" + link);
    }
  }

  /** Opens a connection to this port through the router; returns its source port. */
  int open(LabNamespace router, String protocol, int port) {
    int link = Objects.requireNonNull(linkOf.get(router.name()));
    int sourcePort = sourcePorts.getAndIncrement();
    InetSocketAddress target =
        new InetSocketAddress("10.%d.%d.200".formatted(64 + link / 256, link % 256), port);
    try (NetworkChannel channel =
        protocol.equals("tcp")
            ? CLIENT.call(SocketChannel::open)
            : CLIENT.call(DatagramChannel::open)) {
      channel.bind(new InetSocketAddress(sourcePort));
      Waiting.until(
          "connection %s %d passes %s".formatted(protocol, port, router.name()),
          SOON,
          () -> {
            send(channel, target);
            return connections(router).stream().anyMatch(it -> it.sourcePort() == sourcePort);
          });
      return sourcePort;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(NetworkChannel channel, InetSocketAddress target) {
    try {
      if (channel instanceof DatagramChannel udp) {
        udp.send(ByteBuffer.wrap(new byte[] {1}), target);
      } else if (channel instanceof SocketChannel tcp && !tcp.isConnectionPending()) {
        tcp.configureBlocking(false);
        tcp.connect(target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Seen> connections(LabNamespace router) {
    return router
        .command("conntrack", "-L", "-f", "ipv4", "-o", "extended")
        .run()
        .lines()
        .map(CONNECTION::matcher)
        .filter(Matcher::matches)
        .map(Wires::seen)
        .toList();
  }

  private static Seen seen(Matcher line) {
    Matcher helper = HELPER.matcher(line.group());
    return new Seen(
        line.group(1),
        Integer.parseInt(line.group(2)),
        Integer.parseInt(line.group(3)),
        helper.find() ? Optional.of(helper.group(1)) : Optional.empty());
  }

  @Override
  public void close() {
    Command.of("ip", "netns", "del", CLIENT.name()).run();
  }

  private static void ip(LabNamespace namespace, String... lines) {
    Command.of("ip", "-n", namespace.name(), "-batch", "-")
        .withInput(String.join("\n", lines) + "\n")
        .run();
  }

  private static void setting(LabNamespace namespace, String name, String value) {
    namespace.call(() ->
        Files.writeString(Path.of("/proc/sys/net").resolve(name), value, StandardOpenOption.WRITE));
  }
}
