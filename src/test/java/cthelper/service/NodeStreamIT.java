package cthelper.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.Certificates;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * One process with API and reconciler, and two with an executor each, which know each other by the
 * node stream only, and by their certificates. Tables are without owner, so that others can change
 * them and a restart writes nothing.
 */
@ExtendWith(PrivateNetns.class)
class NodeStreamIT {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration RECONNECTED = Duration.ofSeconds(5);

  private static Certificates certificates;
  private static int port;
  private static DataFolder data;
  private static ServiceProcess reconciler;
  private static Api api;
  private static Node east;
  private static Node west;

  private final String router = UUID.randomUUID().toString();

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    certificates = Certificates.make(directory, "east", "west", "south", "reconciler,127.0.0.1");
    port = ServiceProcess.freePort();
    data = new DataFolder();
    reconciler = startReconciler();
    api = new Api(reconciler.base());
    east = node("east");
    west = node("west");
    east.awaitReady();
    west.awaitReady();
  }

  private static Node node(String name) {
    return new Node(name, "127.0.0.1:" + port, certificates.settings(name));
  }

  private static ServiceProcess startReconciler() {
    Map<String, String> settings = new HashMap<>(certificates.settings("reconciler"));
    settings.put("CTHELPER_ROLES", "api,reconciler");
    settings.put("CTHELPER_NODE_STREAM_PORT", Integer.toString(port));
    settings.put("QUARKUS_TLS_NODES_RELOAD_PERIOD", "1S");
    return ServiceProcess.start(data.path(), settings);
  }

  @AfterAll
  static void stop() {
    try (var _ = data;
        var _ = reconciler;
        var _ = west;
        var _ = east) {
      // all of them, whatever the first one says
    }
  }

  private String activeHelper() {
    api.awaitRouter(router);
    String id = api.createHelper(router, "ftp", "tcp", 21);
    api.awaitStatus(router, id, "ACTIVE");
    return id;
  }

  @Test
  void aHelperIsActiveOnBothNodesAndGoneFromBoth() {
    try (RouterNamespace onEast = east.namespaces().add(router);
        RouterNamespace onWest = west.namespaces().add(router)) {
      api.awaitRouter(router);
      await().atMost(SOON).until(() -> placements().size() == 2);
      String id = activeHelper();
      assertThat(onEast.ourTable()).contains("tcp . 21 comment \"" + id);
      assertThat(onWest.ourTable()).contains("tcp . 21 comment \"" + id);

      api.deleteHelper(router, id);
      await().atMost(SOON).until(() -> onEast.ruleset().isEmpty() && onWest.ruleset().isEmpty());
    }
    assertThat(Files.exists(east.data().resolve("postgres"))).isFalse();
    assertThat(Files.exists(data.path().resolve("node"))).isFalse();
  }

  /** Nobody is interrupted by new certificates, and who comes later needs one of them. */
  @Test
  void certificatesAreReadAgainWithoutARestart() throws IOException {
    try (RouterNamespace namespace = west.namespaces().add(router)) {
      String id = activeHelper();
      long before = readAgain();
      Files.delete(certificates.store("ca"));
      Files.delete(certificates.store("trust"));
      Certificates.make(certificates.directory(), "east", "west", "south", "reconciler,127.0.0.1");
      await().atMost(SOON).until(() -> readAgain() > before);
      assertThat(api.status(router, id)).isEqualTo("ACTIVE");

      west.startAgain();
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(namespace.ourTable()).contains(id);
    }
  }

  private long readAgain() {
    return reconciler.output().lines().filter(line -> line.contains("were read again")).count();
  }

  private List<Map<String, Object>> placements() {
    return given()
        .baseUri(api.base())
        .get("/v2.0/routers/" + router + "/placements")
        .jsonPath()
        .getList("placements");
  }

  @Test
  void aKilledNodeIsDownAtOnceAndWritesNothingWhenItIsBack() {
    try (RouterNamespace namespace = west.namespaces().add(router)) {
      String id = activeHelper();
      int generation = namespace.generation();

      west.process().kill();
      api.awaitStatus(router, id, "DOWN");
      assertThat(api.helper(router, id).getString("conntrack_helper.status_reason"))
          .isEqualTo("1 namespace is unreachable: the node is away");
      assertThat(namespace.ourTable()).contains(id);

      west.startAgain();
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(namespace.generation()).isEqualTo(generation);
    }
  }

  /** Its connection stays; only its silence tells. */
  @Test
  void aFrozenNodeIsDownUntilItGoesOn() {
    try (RouterNamespace namespace = west.namespaces().add(router)) {
      String id = activeHelper();
      west.signal("STOP");
      try {
        await().atMost(Duration.ofSeconds(20)).until(() -> api.status(router, id).equals("DOWN"));
      } finally {
        west.signal("CONT");
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> api.status(router, id).equals("ACTIVE"));
      assertThat(namespace.ourTable()).contains(id);
    }
  }

  /** Each is dismissed by the other, and comes back some seconds later. */
  @Test
  void aNodeWhoseDataDirectoryWasCopiedIsAnError() {
    try (Node south = node("south").awaitReady();
        RouterNamespace ours = south.namespaces().add(router)) {
      String id = activeHelper();
      try (Node copy = south.copy().awaitReady();
          RouterNamespace theirs = copy.namespaces().add(router)) {
        await().atMost(Duration.ofSeconds(90)).until(() -> api.status(router, id).equals("ERROR"));
        assertThat(api.helper(router, id).getString("conntrack_helper.status_reason"))
            .contains("duplicate-node")
            .contains("on node south");
        assertThat(theirs.ruleset()).contains(id);
        assertThat(ours.ruleset()).contains(id);
      }
    }
  }

  @Test
  void aStoppedNodeIsDownAtOnce() {
    try (RouterNamespace namespace = west.namespaces().add(router)) {
      String id = activeHelper();
      assertThat(west.process().stop()).isLessThan(Duration.ofSeconds(5));
      api.awaitStatus(router, id, "DOWN");
      assertThat(namespace.ourTable()).contains(id);
    } finally {
      west.startAgain();
    }
  }

  @Test
  void aKilledReconcilerIsFoundAgainAndAllIsAsItWas() {
    try (RouterNamespace onEast = east.namespaces().add(router);
        RouterNamespace onWest = west.namespaces().add(router)) {
      api.awaitRouter(router);
      await().atMost(SOON).until(() -> placements().size() == 2);
      String id = activeHelper();
      int generation = onEast.generation();

      reconciler.kill();
      await().atMost(SOON).until(() -> east.process().hasSaid("control plane away"));
      onWest.load("delete table inet conntrack_helpers");
      await("repaired without a reconciler")
          .atMost(SOON)
          .until(() -> onWest.ruleset().contains(id));

      reconciler = startReconciler();
      api = new Api(reconciler.base());
      await()
          .atMost(RECONNECTED)
          .until(() ->
              reconciler.hasSaid("node connected node=east")
                  && reconciler.hasSaid("node connected node=west"));
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(onEast.generation()).isEqualTo(generation);

      String next = api.createHelper(router, "tftp", "udp", 69);
      api.awaitStatus(router, next, "ACTIVE");
      assertThat(onEast.ourTable()).contains("udp . 69");
      assertThat(onWest.ourTable()).contains("udp . 69");
    }
  }

  @Test
  void namespacesComeAndGo() {
    try (RouterNamespace namespace = east.namespaces().add(router)) {
      String id = activeHelper();
      east.namespaces().remove(router);
      api.awaitStatus(router, id, "DOWN");

      east.namespaces().place(namespace, router);
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(namespace.ourTable()).contains(id);
    }
  }

  @Test
  void driftIsRepairedAndReported() {
    try (RouterNamespace namespace = east.namespaces().add(router)) {
      String id = activeHelper();
      namespace.load("delete table inet conntrack_helpers");
      await().atMost(SOON).until(() -> namespace.ruleset().contains(id));
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(placements())
                  .singleElement()
                  .satisfies(
                      placement -> assertThat(placement.toString()).contains("deleted table")));
    }
  }
}
