package cthelper.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import cthelper.audit.Audit;
import cthelper.lab.Conntrack;
import cthelper.lab.FtpSession;
import cthelper.lab.Lab;
import cthelper.lab.OpenPorts;
import cthelper.lab.Payload;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the API says is what the kernel does: for live connections, after what others did, and when
 * a router goes. Tables are not owned here, so that others can touch them.
 *
 * <p>Ports: FTP 21 and 2121. Each test has a router of its own.
 */
@ExtendWith(PrivateNetns.class)
class TruthIT {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final OpenPorts PORTS = new OpenPorts(Set.of(21, 2121), Set.of(69));
  private static final Payload FILE = Payload.random(21, 1_000);

  private static DataFolder data;
  private static ServiceProcess service;
  private static Api api;

  private final String router = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    data = new DataFolder();
    service = ServiceProcess.start(data.path(), Map.of("CTHELPER_EXECUTOR_TABLE_OWNER", "false"));
    api = new Api(service.base());
  }

  @AfterAll
  static void stop() {
    service.close();
    data.close();
  }

  private static List<String> helped(Lab lab, int port) {
    return Conntrack.connectionsWithHelper(lab.router(), "ftp").stream()
        .filter(line -> line.contains(" dport=" + port + " "))
        .toList();
  }

  @Test
  void afterDeletionNoLiveConnectionKeepsTheHelperAndOthersDo() {
    try (Lab lab = Lab.open("qrouter-" + router, PORTS)) {
      lab.startFtp(21, FILE);
      lab.startFtp(2121, FILE);
      api.awaitRouter(router);
      String removed = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, removed, "ACTIVE");
      api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 2121), "ACTIVE");
      try (FtpSession ipv4 = FtpSession.open(lab.client(), lab.serverIpv4(21));
          FtpSession ipv6 = FtpSession.open(lab.client(), lab.serverIpv6(21));
          FtpSession other = FtpSession.open(lab.client(), lab.serverIpv4(2121))) {
        ipv4.offerPassive();
        ipv6.offerPassive();
        other.offerPassive();
        assertThat(helped(lab, 21)).hasSize(2);
        assertThat(Conntrack.expectations(lab.router())).hasSize(3);

        api.deleteHelper(router, removed);
        await().atMost(SOON).until(() -> helped(lab, 21).isEmpty());
        assertThat(helped(lab, 2121)).hasSize(1);
        assertThat(Conntrack.expectations(lab.router())).hasSize(1);
        ipv4.confirmControl();
        ipv6.confirmControl();
        ipv4.offerPassive();
        assertThat(Conntrack.expectations(lab.router())).hasSize(1);

        assertThat(api.deleteRouter(router).statusCode()).isEqualTo(204);
        await().atMost(SOON).until(() -> helped(lab, 2121).isEmpty());
        assertThat(Conntrack.expectations(lab.router())).isEmpty();
        assertThat(RouterNamespace.of(router).ruleset()).doesNotContain("conntrack_helpers");
        other.confirmControl();
      }
    }
  }

  @Test
  void aMovedHelperLeavesTheConnectionsOfItsOldPort() {
    try (Lab lab = Lab.open("qrouter-" + router, PORTS)) {
      lab.startFtp(21, FILE);
      api.awaitRouter(router);
      String id = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, id, "ACTIVE");
      try (FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(21))) {
        assertThat(helped(lab, 21)).hasSize(1);
        api.updateHelper(router, id, Map.of("port", 2121)).then().statusCode(200);
        await().atMost(SOON).until(() -> helped(lab, 21).isEmpty());
        session.confirmControl();
      }
    }
  }

  @Test
  void whatOthersDoIsUndoneAndTold() {
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);
      api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 21), "ACTIVE");
      String before = namespace.ourTable();
      namespace.load("flush ruleset");
      await().atMost(SOON).untilAsserted(() -> assertThat(namespace.ruleset()).contains(before));
      await().atMost(SOON).until(() -> service.hasSaid("drift repaired router=" + router));
      assertThat(service.output())
          .containsPattern("drift repaired router=" + router + " .* program=nft pid=[1-9][0-9]* ");
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(given().baseUri(service.management()).get("/q/metrics").asString())
                  .contains("cthelper_drift_repairs_total{program=\"nft\"}")
                  .contains("cthelper_drift_last_pid{program=\"nft\"}"));
    }
  }

  @Test
  void whoComesFirstMakesTheHelperAnErrorThatNamesHim() {
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);
      String id = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, id, "ACTIVE");
      namespace.load(
          """
          table inet fw {
            ct helper theirs { type "ftp" protocol tcp; }
            chain pre {
              type filter hook prerouting priority -160;
              tcp dport 21 ct helper set "theirs"
            }
          }
          """);
      api.awaitStatus(router, id, "ERROR");
      assertThat(api.helper(router, id).getString("conntrack_helper.status_reason"))
          .startsWith("overridden in namespace qrouter-" + router)
          .endsWith(": a rule of table inet fw chain pre assigns ftp and comes first");
      namespace.load("delete table inet fw");
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(api.helper(router, id).getString("conntrack_helper.status_reason")).isEmpty();
    }
  }

  @Test
  void aRouterMadeAgainWithTheSameIdWorks() {
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);
      api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 21), "ACTIVE");
      for (int port : new int[] {2121, 2122, 2123}) {
        assertThat(api.deleteRouter(router).statusCode()).isEqualTo(204);
        api.createRouter(router, "again");
        assertThat(api.helpersOf(router).getList("conntrack_helpers")).isEmpty();
        api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", port), "ACTIVE");
        assertThat(namespace.ourTable())
            .contains("tcp . " + port + " comment")
            .doesNotContain("tcp . 21 ");
      }
    }
  }

  /** As {@code ./run audit} does it, in a process of its own. */
  private static Ended audit(String base) {
    Path application = Path.of(System.getProperty("cthelper.test.app")).getParent();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = "%1$s/app/*:%1$s/lib/main/*:%1$s/lib/boot/*".formatted(application);
    return Ended.of(
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classes,
            Audit.class.getName()),
        Map.of("CTHELPER_AUDIT_API", base));
  }

  @Test
  void theAuditFindsNothingWhereAllIsTrueAndWhatIsLeftOverElse() throws IOException {
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);
      api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 21), "ACTIVE");
      assertThat(audit(service.base()).expect(0)).endsWith(" 0 findings\n");

      HttpServer empty =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      empty.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
          });
      empty.start();
      try {
        assertThat(audit("http://127.0.0.1:" + empty.getAddress().getPort()).expect(1))
            .contains(
                "leftover  " + namespace.name() + "  table, but the API knows no such router\n")
            .contains("assignment ftp:tcp at port 21, but the router has no such helper\n");
      } finally {
        empty.stop(0);
      }
      assertThat(audit("http://127.0.0.1:1").expect(2)).contains("ConnectException");
    }
  }
}
