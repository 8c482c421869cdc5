package cthelper.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.lab.TransferResult.NoData;
import cthelper.lab.TransferResult.Received;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The laboratory tells a router with helpers from one without, by real traffic. Helpers come from
 * {@link NftHelpers} here; nothing of the product takes part.
 *
 * <p>Ports: FTP 21, TFTP 69; where a test says so 2121 and 6969.
 */
@ExtendWith(PrivateNetns.class)
@Timeout(30)
class LabTest {

  private static final int FTP = 21;
  private static final int TFTP = 69;

  private static final Payload FTP_FILE = Payload.random(21, 20_000);

  /** Two whole blocks: the file ends with an empty one. */
  private static final Payload TFTP_FILE = Payload.random(69, 2 * TftpPacket.BLOCK_BYTES);

  @Test
  void withoutHelperOnlyTheDataIsDropped() {
    try (Lab lab = openLab()) {
      assertThat(ftpPassive(lab)).isInstanceOf(NoData.class);
      assertThat(tftp(lab)).isInstanceOf(NoData.class);

      try (FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(FTP))) {
        session.offerPassive();
        session.confirmControl();
        assertThat(Conntrack.connectionsWithHelper(lab.router(), "ftp")).isEmpty();
        assertThat(Conntrack.expectations(lab.router())).isEmpty();
      }
    }
  }

  @Test
  void withHelperPassiveFtpAndTftpPass() {
    try (Lab lab = openLab()) {
      NftHelpers.install(lab.router(), FTP, TFTP);

      assertThat(ftpPassive(lab)).isEqualTo(new Received(FTP_FILE));
      assertThat(tftp(lab)).isEqualTo(new Received(TFTP_FILE));
    }
  }

  @Test
  void overIpv6TheSame() {
    try (Lab lab = openLab()) {
      InetSocketAddress server = lab.serverIpv6(FTP);
      assertThat(FtpTransfer.passive(lab.client(), server)).isInstanceOf(NoData.class);

      NftHelpers.install(lab.router(), FTP, TFTP);

      assertThat(FtpTransfer.passive(lab.client(), server)).isEqualTo(new Received(FTP_FILE));
      assertThat(FtpTransfer.active(lab.client(), server)).isEqualTo(new Received(FTP_FILE));
      assertThat(TftpTransfer.receive(lab.client(), lab.serverIpv6(TFTP)))
          .isEqualTo(new Received(TFTP_FILE));
    }
  }

  @Test
  void activeFtpNeedsTheHelperToo() {
    try (Lab lab = openLab()) {
      assertThat(ftpActive(lab)).isInstanceOf(NoData.class);

      NftHelpers.install(lab.router(), FTP, TFTP);

      assertThat(ftpActive(lab)).isEqualTo(new Received(FTP_FILE));
    }
  }

  @Test
  void theKernelShowsHelperAndExpectation() {
    try (Lab lab = openLab()) {
      NftHelpers.install(lab.router(), FTP, TFTP);
      try (FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(FTP))) {
        InetSocketAddress offered = session.offerPassive();

        assertThat(Conntrack.connectionsWithHelper(lab.router(), "ftp"))
            .singleElement()
            .asString()
            .contains("ESTABLISHED", "src=10.98.1.2 dst=10.98.2.2", "dport=21 ");
        assertThat(Conntrack.expectations(lab.router()))
            .singleElement()
            .asString()
            .contains("src=10.98.1.2 dst=10.98.2.2", "dport=" + offered.getPort(), "helper=ftp");
        assertThat(session.receiveFrom(offered)).isEqualTo(new Received(FTP_FILE));
        assertThat(Conntrack.expectations(lab.router())).isEmpty();
      }
    }
  }

  @Test
  void aRemovedTableHelpsNoNewConnection() {
    try (Lab lab = openLab()) {
      NftHelpers.install(lab.router(), FTP, TFTP);
      assertThat(ftpPassive(lab)).isEqualTo(new Received(FTP_FILE));
      assertThat(tftp(lab)).isEqualTo(new Received(TFTP_FILE));

      NftHelpers.remove(lab.router());

      assertThat(ftpPassive(lab)).isInstanceOf(NoData.class);
      assertThat(tftp(lab)).isInstanceOf(NoData.class);
    }
  }

  @Test
  void oneSessionTransfersSeveralTimes() {
    try (Lab lab = openLab()) {
      NftHelpers.install(lab.router(), FTP, TFTP);
      try (FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(FTP))) {
        assertThat(List.of(session.passive(), session.active(), session.passive()))
            .containsOnly(new Received(FTP_FILE));
      }
    }
  }

  @Test
  void otherPortsAreOpenIfAskedFor() {
    OpenPorts ports = new OpenPorts(Set.of(2121), Set.of(6969));
    try (Lab lab = Lab.open(routerName(), ports)) {
      lab.startFtp(2121, FTP_FILE);
      lab.startTftp(6969, TFTP_FILE);
      NftHelpers.install(lab.router(), 2121, 6969);

      assertThat(FtpTransfer.passive(lab.client(), lab.serverIpv4(2121)))
          .isEqualTo(new Received(FTP_FILE));
      assertThat(TftpTransfer.receive(lab.client(), lab.serverIpv4(6969)))
          .isEqualTo(new Received(TFTP_FILE));
    }
  }

  @Test
  void twoLaboratoriesSideBySideDoNotMeet() {
    try (Lab helped = openLab()) {
      NftHelpers.install(helped.router(), FTP, TFTP);

      try (Lab bare = openLab()) {
        assertThat(ftpPassive(bare)).isInstanceOf(NoData.class);
        assertThat(ftpPassive(helped)).isEqualTo(new Received(FTP_FILE));
      }

      assertThat(ftpPassive(helped)).isEqualTo(new Received(FTP_FILE));
    }
  }

  @Test
  void aRecreatedRouterIsEmptyAndWorks() {
    try (Lab lab = openLab()) {
      NftHelpers.install(lab.router(), FTP, TFTP);

      lab.deleteRouter();
      assertThat(lab.router().exists()).isFalse();
      lab.createRouter();

      assertThat(ftpPassive(lab)).isInstanceOf(NoData.class);
      NftHelpers.install(lab.router(), FTP, TFTP);
      assertThat(ftpPassive(lab)).isEqualTo(new Received(FTP_FILE));
      assertThat(tftp(lab)).isEqualTo(new Received(TFTP_FILE));
    }
  }

  @Test
  void closingLeavesNothing() {
    String linksBefore = links();
    Lab lab = openLab();
    List<String> names = List.of(lab.client().name(), lab.router().name(), lab.server().name());
    FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(FTP));
    assertThat(namespaces()).containsAll(names);

    lab.close();

    assertThat(namespaces()).doesNotContainAnyElementsOf(names);
    assertThat(links()).isEqualTo(linksBefore);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> names.stream().anyMatch(thread.getName()::contains));
    assertThatThrownBy(session::close).hasMessageContaining("control connection");
    lab.close();
  }

  @Test
  void aNameThatIsTakenStopsTheSecondLaboratoryOnly() {
    try (Lab lab = openLab()) {
      List<String> before = namespaces();

      assertThatThrownBy(() -> Lab.open(lab.router().name()))
          .hasMessageContaining("ip netns add " + lab.router().name())
          .hasMessageContaining("File exists");

      assertThat(namespaces()).containsExactlyInAnyOrderElementsOf(before);
      NftHelpers.install(lab.router(), FTP, TFTP);
      assertThat(ftpPassive(lab)).isEqualTo(new Received(FTP_FILE));
    }
  }

  private static Lab openLab() {
    Lab lab = Lab.open(routerName());
    lab.startFtp(FTP, FTP_FILE);
    lab.startTftp(TFTP, TFTP_FILE);
    return lab;
  }

  private static String routerName() {
    return "qrouter-" + UUID.randomUUID();
  }

  private static TransferResult ftpPassive(Lab lab) {
    return FtpTransfer.passive(lab.client(), lab.serverIpv4(FTP));
  }

  private static TransferResult ftpActive(Lab lab) {
    return FtpTransfer.active(lab.client(), lab.serverIpv4(FTP));
  }

  private static TransferResult tftp(Lab lab) {
    return TftpTransfer.receive(lab.client(), lab.serverIpv4(TFTP));
  }

  private static List<String> namespaces() {
    return Command.of("ip", "netns", "list")
        .run()
        .lines()
        .map(line -> line.split(" ", 2)[0])
        .toList();
  }

  private static String links() {
    return Command.of("ip", "-brief", "link").run();
  }
}
