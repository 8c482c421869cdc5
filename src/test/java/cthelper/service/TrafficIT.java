package cthelper.service;

import static cthelper.lab.Transfer.FTP_ACTIVE;
import static cthelper.lab.Transfer.FTP_PASSIVE;
import static cthelper.lab.Transfer.TFTP;
import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.ForeignPeer;
import cthelper.lab.FtpTransfer;
import cthelper.lab.Lab;
import cthelper.lab.LabNamespace;
import cthelper.lab.Nat;
import cthelper.lab.NeedsRealRoot;
import cthelper.lab.OpenPorts;
import cthelper.lab.Payload;
import cthelper.lab.PrivateNetns;
import cthelper.lab.TftpTransfer;
import cthelper.lab.Transfer;
import cthelper.lab.TransferResult;
import cthelper.lab.TransferResult.NoData;
import cthelper.lab.TransferResult.Received;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which transfers pass a router with and without conntrack helpers of the service: FTP both ways
 * and TFTP, both address families, every NAT, our peers and those of the distribution, several
 * namespaces and ports.
 *
 * <p>The servers listen at 21 and 69 unless a test says otherwise; with port forwarding the client
 * asks for 2021 and 2069. Each test has a router of its own.
 */
@ExtendWith(PrivateNetns.class)
class TrafficIT {

  private static final Payload FTP_FILE = Payload.random(21, 20_000);
  private static final Payload TFTP_FILE = Payload.random(69, 1_000);
  private static final Map<Transfer, TransferResult> EVERYTHING =
      Map.of(
          FTP_PASSIVE, new Received(FTP_FILE),
          FTP_ACTIVE, new Received(FTP_FILE),
          TFTP, new Received(TFTP_FILE));
  private static final Duration SOON = Duration.ofSeconds(10);

  @RegisterExtension static final RunningService SERVICE = new RunningService();

  private final Api api = SERVICE.api();
  private final String router = UUID.randomUUID().toString();

  @ParameterizedTest
  @CsvSource({
    "NONE, INET",
    "NONE, INET6",
    "MASQUERADE, INET",
    "MASQUERADE, INET6",
    "PORT_FORWARD, INET",
    "PORT_FORWARD, INET6"
  })
  void transfersPassWhileThereIsAHelperAndOnlyThen(Nat nat, StandardProtocolFamily family)
      throws Exception {
    try (Lab lab = Lab.open("qrouter-" + router, OpenPorts.USUAL, nat)) {
      lab.startFtp(21, FTP_FILE);
      lab.startTftp(69, TFTP_FILE);
      api.awaitRouter(router);
      assertNothingPasses(lab, family);

      String ftp = active("ftp", "tcp", nat.outsidePort(21));
      String tftp = active("tftp", "udp", nat.outsidePort(69));
      assertThat(Transfer.all(lab, family)).isEqualTo(EVERYTHING);

      api.deleteHelper(router, ftp);
      api.deleteHelper(router, tftp);
      awaitNoTable(lab.router());
      assertNothingPasses(lab, family);
    }
  }

  /** The assignment comes before address translation: it knows only the port the client uses. */
  @Test
  void aHelperForThePortBehindAForwardHelpsNobody() throws Exception {
    try (Lab lab = Lab.open("qrouter-" + router, OpenPorts.USUAL, Nat.PORT_FORWARD)) {
      lab.startFtp(21, FTP_FILE);
      lab.startTftp(69, TFTP_FILE);
      api.awaitRouter(router);

      active("ftp", "tcp", 21);
      active("tftp", "udp", 69);

      assertNothingPasses(lab, INET);
    }
  }

  @ParameterizedTest
  @EnumSource(Nat.class)
  @NeedsRealRoot
  void withServersOfTheDistributionTheSame(Nat nat) throws Exception {
    try (Lab lab = Lab.open("qrouter-" + router, OpenPorts.USUAL, nat);
        ForeignPeer vsftpd = ForeignPeer.vsftpd(lab.server(), FTP_FILE);
        ForeignPeer tftpd = ForeignPeer.tftpd(lab.server(), TFTP_FILE)) {
      api.awaitRouter(router);
      assertNothingPasses(lab, INET);
      assertNothingPasses(lab, INET6);

      active("ftp", "tcp", nat.outsidePort(21));
      active("tftp", "udp", nat.outsidePort(69));

      assertThat(Transfer.all(lab, INET)).isEqualTo(EVERYTHING);
      assertThat(Transfer.all(lab, INET6)).isEqualTo(EVERYTHING);
      assertThat(List.of(vsftpd, tftpd)).allMatch(ForeignPeer::isRunning);
    }
  }

  /** As with distributed routers: one namespace routes, another one translates addresses. */
  @Test
  void bothNamespacesOfARouterHaveItsHelpers() throws Exception {
    try (Lab routing = Lab.open("qrouter-" + router);
        Lab translating = Lab.open("snat-" + router, OpenPorts.USUAL, Nat.MASQUERADE)) {
      List<Lab> labs = List.of(routing, translating);
      for (Lab lab : labs) {
        lab.startFtp(21, FTP_FILE);
        lab.startTftp(69, TFTP_FILE);
      }
      api.awaitRouter(router);

      String ftp = active("ftp", "tcp", 21);
      String tftp = active("tftp", "udp", 69);
      for (Lab lab : labs) {
        assertThat(Transfer.all(lab, INET)).isEqualTo(EVERYTHING);
        assertThat(Transfer.all(lab, INET6)).isEqualTo(EVERYTHING);
      }

      api.deleteHelper(router, ftp);
      api.deleteHelper(router, tftp);
      for (Lab lab : labs) {
        awaitNoTable(lab.router());
        assertNothingPasses(lab, INET);
      }
    }
  }

  @Test
  void unusualPortsAndSeveralPortsOfOneHelper() {
    OpenPorts ports = new OpenPorts(Set.of(1, 21, 2121, 65535), Set.of(1, 69, 6969, 65535));
    try (Lab lab = Lab.open("qrouter-" + router, ports)) {
      ports.tcp().forEach(port -> lab.startFtp(port, FTP_FILE));
      ports.udp().forEach(port -> lab.startTftp(port, TFTP_FILE));
      api.awaitRouter(router);

      List<String> ids = new ArrayList<>();
      ports.tcp().forEach(port -> ids.add(api.createHelper(router, "ftp", "tcp", port)));
      ports.udp().forEach(port -> ids.add(api.createHelper(router, "tftp", "udp", port)));
      ids.forEach(id -> api.awaitStatus(router, id, "ACTIVE"));

      for (StandardProtocolFamily family : List.of(INET, INET6)) {
        assertThat(ports.tcp())
            .allSatisfy(
                port -> assertThat(ftp(lab, family, port)).isEqualTo(new Received(FTP_FILE)));
        assertThat(ports.udp())
            .allSatisfy(
                port -> assertThat(tftp(lab, family, port)).isEqualTo(new Received(TFTP_FILE)));
      }
    }
  }

  @Test
  void eachPortHasItsHelperOnlyWhileItIsDeclared() {
    OpenPorts ports = new OpenPorts(Set.of(21, 2121), Set.of());
    try (Lab lab = Lab.open("qrouter-" + router, ports)) {
      ports.tcp().forEach(port -> lab.startFtp(port, FTP_FILE));
      api.awaitRouter(router);

      active("ftp", "tcp", 21);
      assertThat(ftp(lab, INET, 2121)).isInstanceOf(NoData.class);

      String second = active("ftp", "tcp", 2121);
      assertThat(ftp(lab, INET, 21)).isEqualTo(new Received(FTP_FILE));
      assertThat(ftp(lab, INET, 2121)).isEqualTo(new Received(FTP_FILE));

      api.deleteHelper(router, second);
      await().atMost(SOON).until(() -> !ruleset(lab.router()).contains("tcp . 2121"));
      assertThat(ftp(lab, INET, 21)).isEqualTo(new Received(FTP_FILE));
      assertThat(ftp(lab, INET, 2121)).isInstanceOf(NoData.class);
    }
  }

  private String active(String helper, String protocol, int port) {
    String id = api.createHelper(router, helper, protocol, port);
    api.awaitStatus(router, id, "ACTIVE");
    return id;
  }

  private static void assertNothingPasses(Lab lab, StandardProtocolFamily family) throws Exception {
    assertThat(Transfer.all(lab, family))
        .allSatisfy((transfer, result) -> assertThat(result).isInstanceOf(NoData.class));
  }

  private static TransferResult ftp(Lab lab, StandardProtocolFamily family, int port) {
    return FtpTransfer.passive(lab.client(), lab.target(family, port));
  }

  private static TransferResult tftp(Lab lab, StandardProtocolFamily family, int port) {
    return TftpTransfer.receive(lab.client(), lab.target(family, port));
  }

  private static void awaitNoTable(LabNamespace namespace) {
    await().atMost(SOON).until(() -> !ruleset(namespace).contains("conntrack_helpers"));
  }

  private static String ruleset(LabNamespace namespace) {
    return namespace.command("nft", "list", "ruleset").run();
  }
}
