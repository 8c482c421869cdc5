package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.INSTALLATION;
import static cthelper.netfilter.KernelFixture.SIP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.AnnouncedPort;
import cthelper.lab.Conntrack;
import cthelper.lab.Dialogue;
import cthelper.lab.Lab;
import cthelper.lab.OpenPorts;
import cthelper.lab.PrivateNetns;
import cthelper.lab.SipRegistration;
import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Real connections through a router lose a removed helper, as {@code conntrack} and packets tell.
 *
 * <p>Our table assigns ftp at 21 and 2121, tftp at 69 and sip over udp at 5060; of the forwarded
 * packets only those to these ports and what is announced there pass. No test leaves a helper on a
 * connection.
 */
@ExtendWith(PrivateNetns.class)
class HelperRevocationTrafficKernelTest {

  private static final DesiredHelper OTHER_FTP =
      KernelFixture.helper("0d000000-0000-4000-8000-000000000004", "ftp", Protocol.TCP, 2121);

  private static Lab lab;
  private static NamespaceSocket router;

  @BeforeAll
  static void assignHelpers() {
    lab =
        Lab.open("qrouter-" + UUID.randomUUID(), new OpenPorts(Set.of(21, 2121), Set.of(69, 5060)));
    router = RouterKernel.socketIn(lab.router());
    HelperTable table = new HelperTable(INSTALLATION);
    CommitResult written =
        table.write(
            router,
            (TableReading.Changeable) table.read(router),
            fence(1),
            List.of(FTP, OTHER_FTP, TFTP, SIP),
            false);
    assertThat(written).isEqualTo(new CommitResult.Committed());
  }

  @AfterAll
  static void close() {
    router.close();
    lab.close();
  }

  @Test
  void ftpGoesOnWithoutHelperAndOpensNothingAnyMore() {
    try (Dialogue ipv4 = control(lab.serverIpv4(21));
        Dialogue ipv6 = control(lab.serverIpv6(21));
        AnnouncedPort ipv4Data = dataPort(ipv4);
        AnnouncedPort ipv6Data = dataPort(ipv6)) {
      announce(ipv4, ipv4Data);
      announce(ipv6, ipv6Data);
      assertThat(Conntrack.connectionsWithHelper(lab.router(), "ftp")).hasSize(2);
      assertThat(Conntrack.expectations(lab.router())).hasSize(2);

      assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(2, 0));

      assertThat(Conntrack.connectionsWithHelper(lab.router(), "ftp")).isEmpty();
      assertThat(Conntrack.expectations(lab.router())).isEmpty();
      announce(ipv4, ipv4Data);
      announce(ipv6, ipv6Data);
      assertThat(Conntrack.expectations(lab.router())).isEmpty();
      assertThat(ipv4Data.isReached()).isFalse();
      assertThat(ipv6Data.isReached()).isFalse();
      ipv4.serverSays("200 here\r\n".getBytes(US_ASCII));
      ipv6.serverSays("200 here\r\n".getBytes(US_ASCII));
      assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(0, 0));
    }
  }

  @Test
  void otherPortsAndHelpersKeepTheirsAndTheirExpectations() {
    try (Dialogue removed = control(lab.serverIpv4(21));
        Dialogue ftp = control(lab.serverIpv6(2121));
        Dialogue tftp = Dialogue.open(lab, "udp", lab.serverIpv4(69));
        AnnouncedPort removedData = dataPort(removed);
        AnnouncedPort ftpData = dataPort(ftp)) {
      announce(removed, removedData);
      announce(ftp, ftpData);
      tftp.clientSays("\0\1file\0octet\0");
      assertThat(Conntrack.expectations(lab.router())).hasSize(3);

      assertThat(revoke(FTP.spec(), SIP.spec())).isEqualTo(new Revocation.Done(1, 0));

      assertThat(helped())
          .containsExactlyInAnyOrder(
              new HelpedConnection(
                  AddressFamily.IPV6, new ConnectionTarget(6, 2121), "ftp", Optional.empty()),
              new HelpedConnection(
                  AddressFamily.IPV4, new ConnectionTarget(17, 69), "tftp", Optional.empty()));
      assertThat(Conntrack.expectations(lab.router()))
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).contains("dport=" + ftpData.port() + " ", "helper=ftp"),
              line -> assertThat(line).contains(" sport=0 dport=", "helper=tftp"));
      assertThat(ftpData.isReached()).isTrue();
      assertThat(revoke(OTHER_FTP.spec(), TFTP.spec())).isEqualTo(new Revocation.Done(2, 0));
      assertThat(Conntrack.expectations(lab.router())).isEmpty();
    }
  }

  /** The first packet of the call makes the connection that inherits the helper of SIP. */
  @Test
  void callThatSipAnnouncedIsForgotten() {
    InetSocketAddress server = lab.serverIpv4(5060);
    try (Dialogue signalling = Dialogue.open(lab, "udp", server);
        AnnouncedPort called = AnnouncedPort.udp(lab, lab.clientIpv4())) {
      SipRegistration registration =
          new SipRegistration(signalling.clientAddress(), server.getAddress(), called.port());
      signalling.clientSays(registration.request());
      signalling.serverSays(registration.answer().getBytes(US_ASCII));
      assertThat(called.isReached()).isTrue();
      assertThat(helped())
          .containsExactlyInAnyOrder(
              new HelpedConnection(
                  AddressFamily.IPV4, new ConnectionTarget(17, 5060), "sip", Optional.empty()),
              new HelpedConnection(
                  AddressFamily.IPV4,
                  new ConnectionTarget(17, called.port()),
                  "sip",
                  Optional.of(new ConnectionTarget(17, 5060))));
      assertThat(Conntrack.expectations(lab.router())).hasSize(1);

      assertThat(revoke(SIP.spec())).isEqualTo(new Revocation.Done(1, 1));

      assertThat(Conntrack.connectionsWithHelper(lab.router(), "sip")).isEmpty();
      assertThat(Conntrack.connections(lab.router()))
          .noneMatch(line -> line.contains("dport=" + called.port() + " "));
      assertThat(Conntrack.expectations(lab.router())).isEmpty();
      assertThat(called.isReached()).isFalse();
      signalling.clientSays("CRLF\r\n");
    }
  }

  private static Revocation revoke(HelperSpec... removed) {
    return HelperRevocation.revoke(router, Set.of(removed));
  }

  private static List<HelpedConnection> helped() {
    return ((HelpedConnections.Listed) HelpedConnections.list(router)).connections();
  }

  /** The kernel's helper reads only what follows a line. */
  private static Dialogue control(InetSocketAddress server) {
    Dialogue control = Dialogue.open(lab, "tcp", server);
    control.clientSays("USER anonymous\r\n");
    return control;
  }

  private static AnnouncedPort dataPort(Dialogue control) {
    return AnnouncedPort.tcp(lab, control.clientAddress().getAddress());
  }

  /** PORT over IPv4, EPRT over IPv6. */
  private static void announce(Dialogue control, AnnouncedPort data) {
    InetAddress own = control.clientAddress().getAddress();
    control.clientSays(
        own instanceof Inet4Address
            ? "PORT %s,%d,%d\r\n"
                .formatted(
                    own.getHostAddress().replace('.', ','), data.port() / 256, data.port() % 256)
            : "EPRT |2|%s|%d|\r\n".formatted(own.getHostAddress(), data.port()));
  }
}
