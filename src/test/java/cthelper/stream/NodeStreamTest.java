package cthelper.stream;

import static cthelper.stream.Plan.desired;
import static cthelper.stream.Plan.ftp;
import static cthelper.stream.Plan.namespace;
import static cthelper.stream.Plan.placement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.config.HostAndPort;
import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.Placement;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node and a reconciler that know each other by a stream only. Routers 1 and 2 live there. */
class NodeStreamTest {

  private final RecordedLinks reconciler = new RecordedLinks();
  private final SimulatedNode node = new SimulatedNode(namespace(1, 1), namespace(2, 2));
  private NodeStreamServer server = listening(reconciler, 0);
  private final ControlPlane controlPlane = dialling(server.port());

  static NodeStreamServer listening(RecordedLinks links, int port) {
    NodeStreamServer server =
        new NodeStreamServer(
            links,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            TestTls.NONE,
            "1.0");
    server.start();
    return server;
  }

  private static ControlPlane dialling(int... ports) {
    return new ControlPlane(
        Arrays.stream(ports).mapToObj(port -> new HostAndPort("127.0.0.1", port)).toList(),
        Plan.PROCESS,
        TestTls.NONE);
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(5));
  }

  @BeforeEach
  void begin() {
    controlPlane.start(node);
    soon().until(() -> reconciler.node().isPresent());
  }

  @AfterEach
  void end() {
    node.leave(controlPlane);
    server.close();
    node.close();
  }

  @Test
  void aNodeSaysWhoAndWhatIsThere() {
    assertThat(reconciler.identity()).contains(Plan.IDENTITY);
    assertThat(reconciler.namespaces().values())
        .containsExactlyInAnyOrder(namespace(1, 1), namespace(2, 2));
    soon().until(() -> controlPlane.trouble().isEmpty());
  }

  @Test
  void whatIsDesiredIsHeldAndAnswered() {
    DesiredState desired = desired(1, 5, ftp(1));
    desire(desired);
    soon()
        .untilAsserted(() ->
            assertThat(reconciler.answers()).isEqualTo(Map.of(placement(1), Plan.held(desired))));
    assertThat(node.held()).isEqualTo(Map.of(placement(1), desired));
  }

  private void desire(DesiredState desired) {
    Placement placement = new Placement(desired.router(), Plan.NODE, "qrouter-" + desired.router());
    reconciler.node().orElseThrow().desire(placement, desired);
  }

  @Test
  void whatHappensToNamespacesIsTold() {
    node.vanish(namespace(1, 1));
    node.appear(namespace(3, 3));
    node.appear(namespace(2, 4));
    soon()
        .untilAsserted(() ->
            assertThat(reconciler.namespaces().values())
                .containsExactlyInAnyOrder(namespace(3, 3), namespace(2, 4)));
  }

  @Test
  void driftAndUnclaimedTablesAreTold() {
    node.say(to -> to.drifted(placement(1), new DriftRepairs(2, "deleted table", "nft", 4711)));
    node.say(to -> to.drifted(placement(1), new DriftRepairs(1, "deleted table", "nft", 4712)));
    node.say(to -> to.unclaimed(placement(2)));
    soon().until(() -> reconciler.drifts(placement(1)) == 3 && reconciler.unclaimed() == 1);
  }

  /** Written down or not, the node cannot know; the digest can. */
  @Test
  void aLostAnswerIsHealed() {
    desire(desired(2, 4, ftp(1)));
    soon().until(() -> reconciler.answers().containsKey(placement(2)));
    assertThat(reconciler.inventories()).isEqualTo(1);

    reconciler.lose(1);
    desire(desired(1, 5, ftp(1)));
    soon().until(() -> reconciler.inventories() == 2);
    assertThat(reconciler.answers()).as("all is to be asked anew").isEmpty();
  }

  @Test
  void aLostNamespaceIsHealed() {
    reconciler.lose(1);
    node.appear(namespace(3, 3));
    soon().until(() -> reconciler.namespaces().size() == 3);
    assertThat(reconciler.inventories()).isEqualTo(2);
  }

  /** Before the node says anything again: its first pulse comes {@link Silence#PULSE} later. */
  @Test
  void anInventoryThatCouldNotBeWrittenDownIsAskedForAgain() {
    RecordedLinks other = new RecordedLinks();
    other.loseInventories(2);
    try (NodeStreamServer another = listening(other, 0);
        SimulatedNode newcomer = new SimulatedNode(namespace(1, 1));
        ControlPlane dialling = dialling(another.port())) {
      dialling.start(newcomer);
      await().atMost(Silence.PULSE.minusSeconds(1)).until(() -> other.node().isPresent());
      soon().until(() -> dialling.trouble().isEmpty());
      assertThat(other.inventories()).isEqualTo(1);
    }
  }

  /** Else what is desired would be said to a link that is no more. */
  @Test
  void aLinkThatIsDismissedWhileItsInventoryIsWrittenDownIsNotKept() {
    reconciler.dismissNext();
    reconciler.lose(1);
    node.appear(namespace(3, 3));
    soon().until(() -> reconciler.farewells() == 1);
    soon().until(() -> reconciler.node().isPresent() && reconciler.namespaces().size() == 3);
  }

  @Test
  void whereNothingWasLostNothingIsAskedFor() {
    desire(desired(1, 5, ftp(1)));
    node.vanish(namespace(2, 2));
    int before = reconciler.inventories();
    long pulses = Silence.PULSE.toMillis() * 2 + 500;
    await()
        .pollInterval(Duration.ofMillis(50))
        .during(Duration.ofMillis(pulses))
        .atMost(Duration.ofMillis(pulses + 2000))
        .until(() -> reconciler.inventories() == before);
    assertThat(reconciler.namespaces()).hasSize(1);
  }

  @Test
  void aReconcilerThatIsBackIsFoundAgain() {
    int port = server.port();
    server.close();
    soon().until(() -> !node.isConnected());
    assertThat(controlPlane.trouble()).isPresent();

    server = listening(reconciler, port);
    await().atMost(Duration.ofSeconds(5)).until(() -> reconciler.inventories() == 2);
    desire(desired(1, 5, ftp(1)));
    soon().until(() -> reconciler.answers().containsKey(placement(1)));
  }

  @Test
  void theNextAddressIsTriedWhenOneIsGone() {
    RecordedLinks other = new RecordedLinks();
    NodeStreamServer first = listening(new RecordedLinks(), 0);
    try (NodeStreamServer second = listening(other, 0);
        SimulatedNode another = new SimulatedNode(namespace(1, 1));
        ControlPlane both = dialling(first.port(), second.port())) {
      both.start(another);
      soon().until(another::isConnected);
      first.close();
      await().atMost(Duration.ofSeconds(5)).until(() -> other.node().isPresent());
    }
  }

  @Test
  void aNodeThatIsStoppedSaysSo() {
    controlPlane.stopDialling();
    node.say(to -> to.disconnected(Plan.NODE));
    soon().until(() -> reconciler.node().isEmpty());
  }

  @Test
  void aNodeThatWasDismissedComesBackLater() {
    reconciler.node().orElseThrow().dismissed();
    soon().until(() -> !node.isConnected());
    await().atMost(Duration.ofSeconds(20)).until(() -> reconciler.inventories() == 2);
  }

  @Test
  void nobodyIsDialledAfterTheEnd() {
    controlPlane.close();
    assertThat(reconciler.inventories()).isEqualTo(1);
    assertThat(node.isConnected()).isFalse();
    assertThat(List.copyOf(Thread.getAllStackTraces().keySet()))
        .noneMatch(thread -> thread.getName().equals("control-plane") && thread.isAlive());
  }
}
