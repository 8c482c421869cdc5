package cthelper.start;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** A port that cannot be had is said before anything slow is started. */
class FreePortTest {

  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void aTakenPortNamesTheSetting() throws IOException {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = holder.getLocalPort();
      assertThatThrownBy(() -> FreePort.check(LOOPBACK, port, "quarkus.http.port"))
          .isInstanceOf(StartRefused.class)
          .hasMessageStartingWith("port " + port + " of 127.0.0.1 cannot be used (")
          .hasMessageEndingWith(
              "): stop the program that has it, or set QUARKUS_HTTP_PORT to another one");
    }
  }

  @Test
  void aPortThatWasJustGivenBackIsFree() throws IOException {
    int port;
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = holder.getLocalPort();
    }
    assertThatCode(() -> FreePort.check(LOOPBACK, port, "quarkus.http.port"))
        .doesNotThrowAnyException();
  }

  @Test
  void anyPortIsFree() {
    assertThatCode(() -> FreePort.check(LOOPBACK, 0, "quarkus.http.port"))
        .doesNotThrowAnyException();
  }

  @Test
  void aPortThatIsNoneIsRefusedInOneLine() {
    assertThatThrownBy(() -> FreePort.check(LOOPBACK, 70_000, "quarkus.http.port"))
        .isInstanceOf(StartRefused.class)
        .hasMessage("cannot listen on 127.0.0.1:70000: port out of range:70000");
  }

  @Test
  void anUnknownHostIsRefusedInOneLine() {
    assertThatThrownBy(() -> FreePort.check("no-such-host.invalid", 0, "quarkus.http.port"))
        .isInstanceOf(StartRefused.class)
        .hasMessageStartingWith("cannot listen on no-such-host.invalid:0: ");
  }
}
