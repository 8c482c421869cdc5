package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cthelper.lab.InNamespace;
import cthelper.lab.RealRoot;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is read comes true: a datagram from a neighbour to udp port 69 of the router, where we
 * assign tftp, gets the helper that the reading says. Addresses: neighbour 10.97.0.2, router
 * 10.97.0.1.
 */
class ForeignOverOursKernelTest {

  private static final InetSocketAddress ROUTER =
      new InetSocketAddress(InetAddress.ofLiteral("10.97.0.1"), TFTP.spec().port());

  private static final String SIP_IN_RAW =
      " -w -t raw -A PREROUTING -p udp --dport 69 -j CT --helper sip";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final KernelFixture kernel = new KernelFixture();
  private final TestNamespace router = kernel.namespace();
  private final TestNamespace neighbour = TestNamespace.create();
  private final NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());

  @BeforeEach
  void connect() {
    String here = "ip -n " + router.name();
    String there = "ip -n " + neighbour.name();
    Witness.run(
            "sh",
            "-c",
            String.join(
                " && ",
                here + " link add eth0 type veth peer name eth0 netns " + neighbour.name(),
                here + " address add 10.97.0.1/24 dev eth0",
                there + " address add 10.97.0.2/24 dev eth0",
                here + " link set eth0 up",
                there + " link set eth0 up"))
        .orFail();
    kernel.write(fence(42), TFTP);
  }

  @AfterEach
  void deleteNamespaces() {
    door.close();
    neighbour.close();
    kernel.close();
  }

  @Test
  void earlierTableWins() throws IOException {
    hook(-160, "udp dport 69 ct helper set \"s\"");

    assertThat(foreign()).anyMatch(assignment -> assignment.overrides(TFTP.spec()));
    assertThat(connection()).contains("helper=sip");
  }

  @Test
  void laterTableDoesNot() throws IOException {
    hook(-140, "udp dport 69 ct helper set \"s\"");

    assertThat(foreign()).isEmpty();
    assertThat(connection()).contains("helper=tftp");
  }

  @Test
  void earlierTableForAnotherPortDoesNot() throws IOException {
    hook(-160, "udp dport != 69 ct helper set \"s\"");

    assertThat(foreign()).noneMatch(assignment -> assignment.mayOverride(TFTP.spec()));
    assertThat(connection()).contains("helper=tftp");
  }

  @Test
  void helperBeforeConnectionsAreKnownDoesNot() throws IOException {
    hook(-210, "udp dport 69 ct helper set \"s\"");

    assertThat(foreign()).isEmpty();
    assertThat(connection()).contains("helper=tftp");
  }

  @Test
  void untrackedConnectionHasNone() throws IOException {
    hook(-300, "udp dport 69 notrack");

    assertThat(foreign()).anyMatch(assignment -> assignment.overrides(TFTP.spec()));
    assertThat(connection()).isEmpty();
  }

  @Test
  void iptablesWins() throws IOException {
    router.run("sh", "-c", "iptables-nft" + SIP_IN_RAW).orFail();

    assertThat(foreign()).anyMatch(assignment -> assignment.overrides(TFTP.spec()));
    assertThat(connection()).contains("helper=sip");
  }

  @Test
  void legacyIptablesWins() throws IOException {
    assumeTrue(RealRoot.is(), "iptables-legacy locks a file of the machine's root");
    router.run("sh", "-c", "iptables-legacy" + SIP_IN_RAW).orFail();

    assertThat(foreign()).anyMatch(assignment -> assignment.overrides(TFTP.spec()));
    assertThat(connection()).contains("helper=sip");
  }

  private List<ForeignAssignment> foreign() {
    List<ForeignAssignment> all = new ArrayList<>();
    all.addAll(((ForeignReading.Read) ForeignAssignments.read(kernel.socket())).assignments());
    all.addAll(
        ((LegacyReading.Read) door.readLegacy(router.path(), kernel.socket().cookie()))
            .assignments());
    return all;
  }

  /** Makes it, waits for it to arrive and asks connection tracking, as conntrack(8) shows it. */
  private String connection() throws IOException {
    try (DatagramChannel there = channelIn(router);
        DatagramChannel here = channelIn(neighbour)) {
      there.bind(ROUTER);
      here.send(ByteBuffer.wrap(new byte[] {0, 1, 'a', 0}), ROUTER);
      there.socket().setSoTimeout((int) LIMIT.toMillis());
      there.socket().receive(new DatagramPacket(new byte[4], 4));
    }
    return router
        .run("conntrack", "-L", "-p", "udp", "-o", "extended")
        .orFail()
        .lines()
        .filter(line -> line.contains("dport=69 "))
        .findFirst()
        .orElse("");
  }

  private static DatagramChannel channelIn(TestNamespace namespace) {
    return InNamespace.call(
        namespace.path(), LIMIT, () -> DatagramChannel.open(StandardProtocolFamily.INET));
  }

  private void hook(int priority, String rule) {
    router
        .nft(
            """
            table inet fw {
              ct helper s { type "sip" protocol udp; }
              chain pre { type filter hook prerouting priority %d; %s; }
            }
            """
                .formatted(priority, rule))
        .orFail();
  }
}
