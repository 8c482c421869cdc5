package cthelper.stream;

import static cthelper.stream.Plan.namespace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.config.HostAndPort;
import cthelper.lab.Certificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who shows the certificate of node-1 speaks for node-1, and for nobody else. */
class StreamTlsTest {

  @SuppressWarnings("NullAway.Init")
  private static Certificates ours;

  @SuppressWarnings("NullAway.Init")
  private static Certificates foreign;

  private final RecordedLinks reconciler = new RecordedLinks();
  private final SimulatedNode node = new SimulatedNode(namespace(1, 1));
  private final StreamTls listening;
  private final NodeStreamServer server;
  private ControlPlane controlPlane;

  StreamTlsTest() {
    listening = TestTls.of(ours, "reconciler");
    server =
        new NodeStreamServer(
            reconciler,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            listening,
            "1.0");
    server.start();
    controlPlane = dialling(server, TestTls.of(ours, "node-1"));
  }

  @BeforeAll
  static void makeCertificates(@TempDir Path directory) {
    ours = Certificates.make(directory.resolve("ours"), "node-1", "node-2", "reconciler,127.0.0.1");
    foreign = Certificates.make(directory.resolve("foreign"), "node-1", "reconciler,127.0.0.1");
  }

  private static ControlPlane dialling(NodeStreamServer server, StreamTls tls) {
    return new ControlPlane(
        List.of(new HostAndPort("127.0.0.1", server.port())), Plan.PROCESS, tls);
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
  }

  @AfterEach
  void end() {
    node.leave(controlPlane);
    server.close();
    node.close();
  }

  private void isHeard() {
    controlPlane.start(node);
    soon().until(() -> reconciler.node().isPresent() && controlPlane.trouble().isEmpty());
    assertThat(reconciler.identity()).contains(Plan.IDENTITY);
  }

  private void isRefused(StreamTls tls, String... words) {
    controlPlane = dialling(server, tls);
    controlPlane.start(node);
    soon().untilAsserted(() -> assertThat(controlPlane.trouble().orElse("")).contains(words));
    assertThat(reconciler.node()).isEmpty();
  }

  @Test
  void aNodeWithItsOwnCertificateIsHeard() {
    isHeard();
  }

  @Test
  void aNodeWithAnotherOnesCertificateIsRefused() {
    isRefused(
        TestTls.of(ours, "node-2"),
        "PERMISSION_DENIED",
        "the certificate is for node-2, not for node-1: set CTHELPER_NODE_NAME");
  }

  @Test
  void whoseCertificateIsOfAnotherAuthorityIsRefused() {
    StreamTls.Credentials theirs = TestTls.credentials(foreign, "node-1");
    StreamTls.Credentials trusting =
        new StreamTls.Credentials(theirs.keys(), TestTls.credentials(ours, "node-1").trust());
    isRefused(new StreamTls(Optional.of(trusting)), "UNAVAILABLE");
  }

  @Test
  void whoHasNoCertificateIsRefused() {
    isRefused(TestTls.NONE, "UNAVAILABLE");
  }

  /** A node's certificate makes nobody a reconciler of another name. */
  @Test
  void aReconcilerOfAnotherNameIsNotBelieved() {
    listening.use(TestTls.credentials(ours, "node-2"));
    isRefused(TestTls.of(ours, "node-1"), "UNAVAILABLE", "127.0.0.1");
  }

  /** Not even with the certificate of its name does a node get what is another one's. */
  @Test
  void anIdStaysWithTheNodeThatHadItFirst() {
    reconciler.call(Plan.NODE, "node-2");
    isRefused(
        TestTls.of(ours, "node-1"), "PERMISSION_DENIED", "id " + Plan.NODE + " is another node's");
  }

  @Test
  void newCertificatesAreForNewConnectionsAndBreakNone() {
    isHeard();

    listening.use(TestTls.credentials(foreign, "reconciler"));
    node.appear(namespace(2, 2));
    soon().until(() -> reconciler.namespaces().size() == 2);
    assertThat(controlPlane.trouble()).as("the open stream goes on").isEmpty();

    node.leave(controlPlane);
    soon().until(() -> reconciler.node().isEmpty());
    isRefused(TestTls.of(ours, "node-1"), "UNAVAILABLE");
    controlPlane.close();
    controlPlane = dialling(server, TestTls.of(foreign, "node-1"));
    isHeard();
  }
}
