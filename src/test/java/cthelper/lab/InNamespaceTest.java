package cthelper.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two namespaces without links, each with an address on its loopback that nobody else has. */
@ExtendWith(PrivateNetns.class)
@Timeout(30)
class InNamespaceTest {

  private static final String ID = UUID.randomUUID().toString().substring(0, 8);
  private static final LabNamespace RED = new LabNamespace("cth-lab-red-" + ID);
  private static final LabNamespace BLUE = new LabNamespace("cth-lab-blue-" + ID);

  private static final String RED_ADDRESS = "192.0.2.1";
  private static final String BLUE_ADDRESS = "192.0.2.2";

  @BeforeAll
  static void createNamespaces() {
    create(RED, RED_ADDRESS);
    create(BLUE, BLUE_ADDRESS);
  }

  private static void create(LabNamespace namespace, String address) {
    Command.of("ip", "netns", "add", namespace.name()).after("unshare", "-n").run();
    Command.of("ip", "-n", namespace.name(), "address", "add", address, "dev", "lo").run();
  }

  @AfterAll
  static void deleteNamespaces() {
    Command.of("ip", "netns", "delete", RED.name()).run();
    Command.of("ip", "netns", "delete", BLUE.name()).run();
  }

  @Test
  void workSeesItsOwnNamespaceAndTheCallerStaysOutside() throws Exception {
    assertThat(RED.<Boolean>call(() -> isHere(RED_ADDRESS))).isTrue();
    assertThat(RED.<Boolean>call(() -> isHere(BLUE_ADDRESS))).isFalse();
    assertThat(BLUE.<Boolean>call(() -> isHere(BLUE_ADDRESS))).isTrue();
    assertThat(isHere(RED_ADDRESS)).isFalse();
  }

  @Test
  void theThreadEndsWithTheWork() {
    Thread thread = RED.call(Thread::currentThread);

    assertThat(thread.isAlive()).isFalse();
    assertThat(thread.isVirtual()).isFalse();
  }

  @Test
  void hangingWorkIsGivenUpAndItsPlaceTold() {
    CountDownLatch never = new CountDownLatch(1);

    assertThatThrownBy(() ->
            InNamespace.call(
                RED.path(),
                Duration.ofMillis(50),
                () -> {
                  never.await();
                  return true;
                }))
        .hasMessageContaining("not done after PT0.05S")
        .satisfies(late ->
            assertThat(late.getSuppressed()[0].getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("await")));
  }

  @Test
  void failuresOfTheWorkComeThrough() {
    assertThatThrownBy(() ->
            RED.call(() -> {
              throw new ArithmeticException("unchecked");
            }))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() ->
            RED.call(() -> {
              throw new IOException("checked");
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseInstanceOf(IOException.class)
        .hasMessageContaining("checked");
  }

  @Test
  void aNamespaceThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> new LabNamespace("cth-lab-none").call(() -> true))
        .hasMessageContaining("open of /run/netns/cth-lab-none: errno 2");
  }

  @Test
  void programsAreNotStartedFromInside() {
    assertThatThrownBy(() -> RED.call(() -> Command.of("true").run()))
        .hasMessageContaining("do it outside");
  }

  private static boolean isHere(String address) throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
      return true;
    } catch (BindException notHere) {
      return false;
    }
  }
}
