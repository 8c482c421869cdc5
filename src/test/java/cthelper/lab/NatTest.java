package cthelper.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The router translates what its {@link Nat} says, seen in its connection tracking: first what the
 * client sent, then what the server answers. FTP server at 21.
 */
@ExtendWith(PrivateNetns.class)
class NatTest {

  @ParameterizedTest
  @CsvSource({
    "NONE, INET, src=10.98.1.2 dst=10.98.2.2, dport=21, src=10.98.2.2 dst=10.98.1.2",
    "MASQUERADE, INET, src=10.98.1.2 dst=10.98.2.2, dport=21, src=10.98.2.2 dst=10.98.2.1",
    "PORT_FORWARD, INET, src=10.98.1.2 dst=10.98.1.1, dport=2021, src=10.98.2.2 dst=10.98.1.2",
    "MASQUERADE, INET6, src=fd98:0:0:1::2 dst=fd98:0:0:2::2, dport=21,"
        + " src=fd98:0:0:2::2 dst=fd98:0:0:2::1",
    "PORT_FORWARD, INET6, src=fd98:0:0:1::2 dst=fd98:0:0:1::1, dport=2021,"
        + " src=fd98:0:0:2::2 dst=fd98:0:0:1::2"
  })
  void theRouterTranslates(
      Nat nat, StandardProtocolFamily family, String sent, String port, String answered) {
    try (Lab lab = Lab.open("qrouter-" + UUID.randomUUID(), OpenPorts.USUAL, nat)) {
      lab.startFtp(21, Payload.random(21, 1));
      try (FtpSession session = FtpSession.open(lab.client(), lab.target(family, 21))) {
        session.confirmControl();

        assertThat(Conntrack.connections(lab.router()))
            .filteredOn(line -> line.contains(" ESTABLISHED "))
            .singleElement()
            .asString()
            .containsSubsequence(sent + " ", port + " ", answered + " ", "sport=21 ");
      }
    }
  }
}
