package cthelper.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The servers of the distribution leave no process behind, and no connection. */
@NeedsRealRoot
@ExtendWith(PrivateNetns.class)
class ForeignPeerTest {

  private static final Payload FILE = Payload.random(21, 1_000);

  @Test
  void closingEndsEveryProcess() {
    try (Lab lab = Lab.open("qrouter-" + UUID.randomUUID())) {
      ForeignPeer vsftpd = ForeignPeer.vsftpd(lab.server(), FILE);
      FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(21));
      assertThat(processes(lab)).hasSizeGreaterThan(1);

      vsftpd.close();

      assertThat(processes(lab)).isEmpty();
      assertThatThrownBy(session::close).hasMessageContaining("control connection");
    }
  }

  private static List<String> processes(Lab lab) {
    return Command.of("ip", "netns", "pids", lab.server().name()).run().lines().toList();
  }
}
