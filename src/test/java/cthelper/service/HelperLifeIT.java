package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.FtpTransfer;
import cthelper.lab.Lab;
import cthelper.lab.Payload;
import cthelper.lab.PrivateNetns;
import cthelper.lab.TftpTransfer;
import cthelper.lab.TransferResult.NoData;
import cthelper.lab.TransferResult.Received;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * From an HTTP request into the kernel and back, proven by real transfers and by {@code nft}.
 *
 * <p>Ports: FTP 21, TFTP 69. Each test has routers of its own.
 */
@ExtendWith(PrivateNetns.class)
class HelperLifeIT {

  private static final Payload FTP_FILE = Payload.random(21, 20_000);
  private static final Payload TFTP_FILE = Payload.random(69, 1_000);
  private static final Duration SOON = Duration.ofSeconds(10);

  private static DataFolder data;
  private static ServiceProcess service;
  private static Api api;

  @BeforeAll
  static void start() {
    data = new DataFolder();
    service = ServiceProcess.start(data.path(), Map.of());
    api = new Api(service.base());
  }

  @AfterAll
  static void stop() {
    service.close();
    data.close();
  }

  @Test
  void transfersPassWhileThereIsAHelperAndOnlyThen() {
    String router = UUID.randomUUID().toString();
    try (Lab lab = lab(router)) {
      api.awaitRouter(router);
      assertThat(ftp(lab)).isInstanceOf(NoData.class);
      assertThat(tftp(lab)).isInstanceOf(NoData.class);

      String ftp = api.createHelper(router, "ftp", "tcp", 21);
      String tftp = api.createHelper(router, "tftp", "udp", 69);
      api.awaitStatus(router, ftp, "ACTIVE");
      api.awaitStatus(router, tftp, "ACTIVE");
      assertThat(ftp(lab)).isEqualTo(new Received(FTP_FILE));
      assertThat(tftp(lab)).isEqualTo(new Received(TFTP_FILE));

      api.deleteHelper(router, ftp);
      awaitRuleset(router, "tcp . 21", false);
      assertThat(ftp(lab)).isInstanceOf(NoData.class);
      assertThat(tftp(lab)).isEqualTo(new Received(TFTP_FILE));

      api.deleteHelper(router, tftp);
      awaitNoTable(router);
      assertThat(tftp(lab)).isInstanceOf(NoData.class);
    }
  }

  @Test
  void whatNftShowsIsWhatTheApiSays() {
    String router = UUID.randomUUID().toString();
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);

      String id = api.createHelper(router, "h323", "tcp", 1720);
      api.awaitStatus(router, id, "ACTIVE");

      assertThat(namespace.ourTable())
          .contains("type \"Q.931\" protocol tcp")
          .contains("elements = { tcp . 1720 comment \"" + id + "\" : \"h323-tcp\" }");
    }
  }

  @Test
  void aHelperForOneFamilyIsActiveAndSaysSo() {
    String router = UUID.randomUUID().toString();
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);

      String id = api.createHelper(router, "pptp", "tcp", 1723);
      api.awaitStatus(router, id, "ACTIVE");

      assertThat(namespace.ourTable()).contains("tcp . 1723");
      assertThat(api.helper(router, id).getString("conntrack_helper.status_reason"))
          .isEqualTo("IPv4 only: the kernel has no pptp helper for IPv6");
    }
  }

  @Test
  void anUpdateMovesTheAssignment() {
    String router = UUID.randomUUID().toString();
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);
      String id = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, id, "ACTIVE");

      api.updateHelper(router, id, Map.of("port", 2121)).then().statusCode(200);
      api.awaitStatus(router, id, "ACTIVE");

      assertThat(namespace.ourTable()).contains("tcp . 2121").doesNotContain("tcp . 21 ");
    }
  }

  @Test
  void twoRoutersDoNotKnowOfEachOther() {
    String first = UUID.randomUUID().toString();
    String second = UUID.randomUUID().toString();
    try (Lab firstLab = lab(first);
        Lab secondLab = lab(second)) {
      api.awaitRouter(first);
      api.awaitRouter(second);

      String id = api.createHelper(first, "ftp", "tcp", 21);
      api.awaitStatus(first, id, "ACTIVE");

      assertThat(ftp(firstLab)).isEqualTo(new Received(FTP_FILE));
      assertThat(ftp(secondLab)).isInstanceOf(NoData.class);
    }
  }

  @Test
  void withoutANamespaceAHelperIsDownUntilThereIsOne() {
    String router = UUID.randomUUID().toString();
    api.createRouter(router, "later");
    String id = api.createHelper(router, "ftp", "tcp", 21);
    assertThat(api.status(router, id)).isEqualTo("DOWN");

    try (Lab lab = lab(router)) {
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(ftp(lab)).isEqualTo(new Received(FTP_FILE));

      lab.deleteRouter();
      api.awaitStatus(router, id, "DOWN");
      lab.createRouter();
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(ftp(lab)).isEqualTo(new Received(FTP_FILE));
    }
  }

  @Test
  void aKnownRoutersSourceNatNamespaceIsAPlacementToo() {
    String router = UUID.randomUUID().toString();
    api.createRouter(router, "with snat");
    String id = api.createHelper(router, "sip", "udp", 5060);
    try (RouterNamespace namespace = RouterNamespace.addNamed("snat-" + router)) {
      api.awaitStatus(router, id, "ACTIVE");
      assertThat(namespace.ourTable()).contains("udp . 5060");
    }
  }

  @Test
  void aDeletedRouterLeavesNothingAndIsNotAdoptedAgain() {
    String router = UUID.randomUUID().toString();
    try (RouterNamespace namespace = RouterNamespace.add(router);
        RouterNamespace sourceNat = RouterNamespace.addNamed("snat-" + router)) {
      api.awaitRouter(router);
      String id = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, id, "ACTIVE");

      api.deleteRouter(router).then().statusCode(204);

      awaitNoTable(router);
      await().atMost(SOON).until(() -> sourceNat.ruleset().isEmpty());
      assertThat(api.deleteRouter(router).statusCode()).isEqualTo(404);
      assertThat(namespace.ruleset()).isEmpty();

      api.createRouter(router, "posted again");
      String again = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, again, "ACTIVE");
    }
  }

  @Test
  void aTableOfAnotherInstallationIsLeftAloneAndReported() {
    String router = UUID.randomUUID().toString();
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);
      namespace.load(
          """
          table inet conntrack_helpers {
            comment "conntrack-helper installation 00000000-0000-4000-8000-000000000000"
            chain theirs { }
          }
          """);
      String before = namespace.ruleset();

      String id = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, id, "ERROR");

      assertThat(api.helper(router, id).getString("conntrack_helper.status_reason"))
          .contains("foreign-installation")
          .contains("00000000-0000-4000-8000-000000000000");
      assertThat(namespace.ruleset()).isEqualTo(before);
    }
  }

  @Test
  void theLogTellsTheLifeOfAHelper() {
    String router = UUID.randomUUID().toString();
    try (RouterNamespace namespace = RouterNamespace.add(router)) {
      api.awaitRouter(router);
      String id = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, id, "ACTIVE");
      api.postHelper(router, "ftp", "udp", 2121).then().statusCode(400);
      api.deleteHelper(router, id);
      awaitNoTable(router);

      String where = "router=" + router + " namespace=" + namespace.name();
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(service.output())
                  .containsSubsequence(
                      "namespace appeared " + where,
                      "router adopted router=" + router,
                      "req-",
                      "helper=" + id,
                      "applied " + where + " fence=",
                      "proven=1 refused=0 changed=true",
                      "req-",
                      "forgot " + where + " fence="));
    }
  }

  private static Lab lab(String router) {
    Lab lab = Lab.open("qrouter-" + router);
    lab.startFtp(21, FTP_FILE);
    lab.startTftp(69, TFTP_FILE);
    return lab;
  }

  private static Object ftp(Lab lab) {
    return FtpTransfer.passive(lab.client(), lab.serverIpv4(21));
  }

  private static Object tftp(Lab lab) {
    return TftpTransfer.receive(lab.client(), lab.serverIpv4(69));
  }

  private static void awaitRuleset(String router, String words, boolean present) {
    await()
        .atMost(SOON)
        .until(() -> RouterNamespace.of(router).ruleset().contains(words) == present);
  }

  private static void awaitNoTable(String router) {
    awaitRuleset(router, "conntrack_helpers", false);
  }
}
