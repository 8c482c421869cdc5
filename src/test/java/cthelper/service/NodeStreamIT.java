package cthelper.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.Certificates;
import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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

  /** A node: its files, its namespaces, its process. */
  private static final class Node implements AutoCloseable {

    private final String name;
    private final int port;
    private final DataFolder data = DataFolder.empty();
    private final NetnsDirectory namespaces = new NetnsDirectory();
    private final Map<String, String> settings = new HashMap<>();
    private ServiceProcess process;

    Node(String name, int port) {
      this(name, port, _ -> {});
    }

    /**
     * @param prepared is given its data directory before it starts
     */
    private Node(String name, int port, Consumer<Path> prepared) {
      prepared.accept(data.path());
      this.name = name;
      this.port = port;
      settings.put("CTHELPER_ROLES", "executor");
      settings.put("CTHELPER_NODE_NAME", name);
      settings.put("CTHELPER_EXECUTOR_CONTROL_PLANE", "127.0.0.1:" + port);
      settings.put("CTHELPER_EXECUTOR_TABLE_OWNER", "false");
      settings.put("CTHELPER_NETNS_DIR", namespaces.path().toString());
      settings.putAll(certificates.settings(name));
      process = ServiceProcess.start(data.path(), settings);
    }

    /** Another one with the same id. */
    Node copy() {
      Path from = data.path().resolve("node");
      return new Node(
          name,
          port,
          to -> {
            Command.of("mkdir", to.resolve("node").toString()).run();
            Command.of("cp", from.resolve("id").toString(), to.resolve("node/id").toString()).run();
          });
    }

    void startAgain() {
      process.close();
      process = ServiceProcess.start(data.path(), settings);
    }

    @Override
    public void close() {
      process.close();
      namespaces.close();
      data.close();
    }
  }

  private static Certificates certificates;

  @BeforeAll
  static void makeCertificates(@TempDir Path directory) {
    certificates = Certificates.make(directory, "east", "west", "reconciler,127.0.0.1");
  }

  private final String router = UUID.randomUUID().toString();
  private int port;
  private DataFolder data;
  private ServiceProcess reconciler;
  private Api api;
  private Node east;
  private Node west;

  @BeforeEach
  void start() throws IOException {
    port = ServiceProcess.freePort();
    data = new DataFolder();
    startReconciler();
    east = new Node("east", port);
    west = new Node("west", port);
  }

  private void startReconciler() {
    Map<String, String> settings = new HashMap<>(certificates.settings("reconciler"));
    settings.put("CTHELPER_ROLES", "api,reconciler");
    settings.put("CTHELPER_NODE_STREAM_PORT", Integer.toString(port));
    settings.put("QUARKUS_TLS_NODES_RELOAD_PERIOD", "1S");
    reconciler = ServiceProcess.start(data.path(), settings);
    api = new Api(reconciler.base());
  }

  @AfterEach
  void stop() {
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
    try (RouterNamespace onEast = east.namespaces.add(router);
        RouterNamespace onWest = west.namespaces.add(router)) {
      api.awaitRouter(router);
      await().atMost(SOON).until(() -> placements().size() == 2);
      String id = activeHelper();
      assertThat(onEast.ourTable()).contains("tcp . 21 comment \"" + id);
      assertThat(onWest.ourTable()).contains("tcp . 21 comment \"" + id);

      api.deleteHelper(router, id);
      await().atMost(SOON).until(() -> onEast.ruleset().isEmpty() && onWest.ruleset().isEmpty());
    }
    assertThat(Files.exists(east.data.path().resolve("postgres"))).isFalse();
    assertThat(Files.exists(data.path().resolve("node"))).isFalse();
  }

  /** Nobody is interrupted by new certificates, and who comes later needs one of them. */
  @Test
  void certificatesAreReadAgainWithoutARestart() throws IOException {
    try (RouterNamespace namespace = west.namespaces.add(router)) {
      String id = activeHelper();
      long before = readAgain();
      Files.delete(certificates.store("ca"));
      Files.delete(certificates.store("trust"));
      Certificates.make(certificates.directory(), "east", "west", "reconciler,127.0.0.1");
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
    try (RouterNamespace namespace = west.namespaces.add(router)) {
      String id = activeHelper();
      int generation = namespace.generation();

      west.process.kill();
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
    try (RouterNamespace namespace = west.namespaces.add(router)) {
      String id = activeHelper();
      signal("STOP", west);
      try {
        await().atMost(Duration.ofSeconds(20)).until(() -> api.status(router, id).equals("DOWN"));
      } finally {
        signal("CONT", west);
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> api.status(router, id).equals("ACTIVE"));
      assertThat(namespace.ourTable()).contains(id);
    }
  }

  private static void signal(String name, Node node) {
    Command.of("kill", "-" + name, Long.toString(node.process.pid())).run();
  }

  /** Each is dismissed by the other, and comes back some seconds later. */
  @Test
  void aNodeWhoseDataDirectoryWasCopiedIsAnError() {
    try (RouterNamespace ours = west.namespaces.add(router)) {
      String id = activeHelper();
      try (Node copy = west.copy();
          RouterNamespace theirs = copy.namespaces.add(router)) {
        await().atMost(Duration.ofSeconds(90)).until(() -> api.status(router, id).equals("ERROR"));
        assertThat(api.helper(router, id).getString("conntrack_helper.status_reason"))
            .contains("duplicate-node")
            .contains("on node west");
        assertThat(theirs.ruleset()).contains(id);
        assertThat(ours.ruleset()).contains(id);
      }
    }
  }

  @Test
  void aStoppedNodeIsDownAtOnce() {
    try (RouterNamespace namespace = west.namespaces.add(router)) {
      String id = activeHelper();
      assertThat(west.process.stop()).isLessThan(Duration.ofSeconds(5));
      api.awaitStatus(router, id, "DOWN");
      assertThat(namespace.ourTable()).contains(id);
    }
  }

  @Test
  void aKilledReconcilerIsFoundAgainAndAllIsAsItWas() {
    try (RouterNamespace onEast = east.namespaces.add(router);
        RouterNamespace onWest = west.namespaces.add(router)) {
      api.awaitRouter(router);
      await().atMost(SOON).until(() -> placements().size() == 2);
      String id = activeHelper();
      int generation = onEast.generation();

      reconciler.kill();
      await().atMost(SOON).until(() -> east.process.hasSaid("control plane away"));
      onWest.load("delete table inet conntrack_helpers");
      await("repaired without a reconciler")
          .atMost(SOON)
          .until(() -> onWest.ruleset().contains(id));

      startReconciler();
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
    try (RouterNamespace namespace = east.namespaces.add(router)) {
      String id = activeHelper();
      east.namespaces.remove(router);
      api.awaitStatus(router, id, "DOWN");

      east.namespaces.place(namespace, router);
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(namespace.ourTable()).contains(id);
    }
  }

  @Test
  void driftIsRepairedAndReported() {
    try (RouterNamespace namespace = east.namespaces.add(router)) {
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
