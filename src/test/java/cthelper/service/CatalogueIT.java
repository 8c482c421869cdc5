package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.AnnouncedPort;
import cthelper.lab.Conntrack;
import cthelper.lab.Dialogue;
import cthelper.lab.IrcDccOffer;
import cthelper.lab.Lab;
import cthelper.lab.OpenPorts;
import cthelper.lab.PptpCall;
import cthelper.lab.PrivateNetns;
import cthelper.lab.SipInvite;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import io.restassured.path.json.JsonPath;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every helper type of the catalogue, asked for over HTTP and found in the kernel by {@code nft}
 * and {@code conntrack}; those whose messages are simple enough also at work.
 *
 * <p>Each type at its usual port. One laboratory with one router for all tests, empty at the begin
 * of each.
 */
@ExtendWith(PrivateNetns.class)
class CatalogueIT {

  private static final String ROUTER = UUID.randomUUID().toString();

  @RegisterExtension static final RunningService SERVICE = new RunningService();

  @AutoClose private static Lab lab;

  private final Api api = SERVICE.api();

  /** The conntrack helpers of this test that it did not delete. */
  private final List<String> existing = new ArrayList<>();

  @BeforeAll
  static void open() {
    lab =
        Lab.open(
            "qrouter-" + ROUTER,
            new OpenPorts(CatalogueEntry.ports("tcp"), CatalogueEntry.ports("udp")));
    SERVICE.api().awaitRouter(ROUTER);
  }

  @AfterEach
  void emptyTheRouter() {
    existing.forEach(id -> api.deleteHelper(ROUTER, id));
    awaitRuleset(ruleset -> !ruleset.contains("conntrack_helpers"));
  }

  @Test
  void noTypeOfTheCatalogueIsForgottenHere() {
    assertThat(
            Arrays.stream(CatalogueEntry.values())
                .map(entry -> entry.helper + ":" + entry.protocol))
        .containsExactlyElementsOf(HelperCatalog.all().stream().map(HelperType::toString).toList());
  }

  @ParameterizedTest
  @EnumSource
  void eachTypeIsActiveAndInTheKernelAndOnItsConnections(CatalogueEntry entry) {
    String id = active(entry.helper, entry.protocol, entry.port);

    JsonPath shown = api.helper(ROUTER, id);
    assertThat(shown.getString("conntrack_helper.status_reason"))
        .isEqualTo(
            entry.isForBothFamilies
                ? ""
                : "IPv4 only: the kernel has no " + entry.helper + " helper for IPv6");
    String object = entry.helper + "-" + entry.protocol;
    assertThat(RouterNamespace.of(ROUTER).ourTable().replaceAll("\\s+", " "))
        .contains(
            "ct helper %s { type \"%s\" protocol %s l3proto %s }"
                .formatted(
                    object,
                    entry.kernelName,
                    entry.protocol,
                    entry.isForBothFamilies ? "inet" : "ip"))
        .contains(
            "elements = { %s . %d comment \"%s\" : \"%s\" }"
                .formatted(entry.protocol, entry.port, id, object));
    assertThat(helperOnConnection(entry, StandardProtocolFamily.INET)).hasSize(1);
    assertThat(helperOnConnection(entry, StandardProtocolFamily.INET6))
        .hasSize(entry.isForBothFamilies ? 1 : 0);
  }

  @Test
  void allTypesAtOnce() {
    List<String> ids =
        Arrays.stream(CatalogueEntry.values())
            .map(entry -> create(entry.helper, entry.protocol, entry.port))
            .toList();
    ids.forEach(id -> api.awaitStatus(ROUTER, id, "ACTIVE"));

    assertThat(RouterNamespace.of(ROUTER).ourTable())
        .contains(ids)
        .contains(
            Arrays.stream(CatalogueEntry.values())
                .map(entry -> "type \"" + entry.kernelName + "\" protocol " + entry.protocol)
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amanda|tcp|10080|InvalidProtocolForHelper|Conntrack Helper amanda does not support: tcp."
            + " Supported protocols are: udp",
        "ftp|sctp|21|InvalidProtocolForHelper|Conntrack Helper ftp does not support: sctp."
            + " Supported protocols are: tcp",
        "sip|dccp|5060|InvalidProtocolForHelper|Conntrack Helper sip does not support: dccp."
            + " Supported protocols are: tcp, udp",
        "Q.931|tcp|1720|ConntrackHelperNotAllowed|Conntrack Helper Q.931 is not allowed.",
        "rtsp|tcp|554|ConntrackHelperNotAllowed|Conntrack Helper rtsp is not allowed.",
        "ftp|TCP|21|HTTPBadRequest|Invalid input for protocol. Reason: TCP is not in valid_values.",
        "ftp|tcp|0|HTTPBadRequest|Invalid input for port. Reason: '0' is too small - must be at"
            + " least '1'.",
        "ftp|tcp|65536|HTTPBadRequest|Invalid input for port. Reason: '65536' is too large - must"
            + " be no larger than '65535'."
      })
  void whatNoKernelHasIsRefusedAndSaidWhy(
      String helper, String protocol, int port, String type, String message) {
    JsonPath answer =
        api.postHelper(ROUTER, helper, protocol, port).then().statusCode(400).extract().jsonPath();

    assertThat(answer.getString("NeutronError.type")).isEqualTo(type);
    assertThat(answer.getString("NeutronError.message")).isEqualTo(message);
    assertThat(RouterNamespace.of(ROUTER).ruleset()).doesNotContain(protocol + " . " + port + " ");
  }

  @ParameterizedTest
  @CsvSource({"udp, INET", "udp, INET6", "tcp, INET", "tcp, INET6"})
  void sipAnnouncesWhereSoundComesIn(String protocol, StandardProtocolFamily family) {
    InetSocketAddress server = lab.target(family, 5060);
    assertOnlyWithHelper(
        "sip",
        protocol,
        server,
        dialogue -> AnnouncedPort.udp(lab, dialogue.clientAddress().getAddress()),
        (dialogue, sound) ->
            SipInvite.text(protocol, dialogue.clientAddress(), server.getAddress(), sound.port()));
  }

  @Test
  void ircAnnouncesWhereAFileIsFetched() {
    assertOnlyWithHelper(
        "irc",
        "tcp",
        lab.serverIpv4(6667),
        dialogue -> AnnouncedPort.tcp(lab, dialogue.clientAddress().getAddress()),
        (dialogue, file) -> IrcDccOffer.text(dialogue.clientAddress().getAddress(), file.port()));
  }

  /** The packets of the call are GRE, which Java cannot send: the expectations are the witness. */
  @Test
  void pptpAnnouncesTheTwoWaysOfACall() {
    assertThat(expectationsOfACall()).isEmpty();

    String id = active("pptp", "tcp", 1723);
    assertThat(expectationsOfACall())
        .hasSize(2)
        .allMatch(line -> line.contains("proto=47") && line.contains("helper=pptp"))
        .anyMatch(line -> line.contains("src=10.98.1.2 dst=10.98.2.2 srckey=0x"))
        .anyMatch(line -> line.contains("src=10.98.2.2 dst=10.98.1.2 srckey=0x"));

    deleteAndAwait(id);
    assertThat(expectationsOfACall()).isEmpty();
  }

  private static List<String> expectationsOfACall() {
    try (Dialogue dialogue = Dialogue.open(lab, "tcp", lab.serverIpv4(1723))) {
      PptpCall.setUp(dialogue, 0x1111, 0x2222);
      String ports = " sport=" + dialogue.clientAddress().getPort() + " dport=1723 ";
      return Conntrack.expectations(lab.router()).stream()
          .filter(line -> line.contains(ports))
          .toList();
    }
  }

  /** Opens a connection and returns the lines of conntrack that show the entry's helper on it. */
  private static List<String> helperOnConnection(
      CatalogueEntry entry, StandardProtocolFamily family) {
    try (Dialogue dialogue = Dialogue.open(lab, entry.protocol, lab.target(family, entry.port))) {
      dialogue.clientSays("hello\r\n");
      String sourcePort = " sport=" + dialogue.clientAddress().getPort() + " ";
      return Conntrack.connectionsWithHelper(lab.router(), entry.kernelName).stream()
          .filter(line -> line.contains(sourcePort))
          .toList();
    }
  }

  /** A new connection each time: one that exists keeps the helper it has, or has not. */
  private void assertOnlyWithHelper(
      String helper,
      String protocol,
      InetSocketAddress server,
      Function<Dialogue, AnnouncedPort> announcedPort,
      BiFunction<Dialogue, AnnouncedPort, String> announcement) {
    Runnable isBlocked =
        () -> {
          try (Dialogue dialogue = Dialogue.open(lab, protocol, server);
              AnnouncedPort port = announcedPort.apply(dialogue)) {
            dialogue.clientSays(announcement.apply(dialogue, port));
            assertThat(expectationsOf(port)).isEmpty();
            assertThat(port.isReached()).isFalse();
          }
        };
    isBlocked.run();

    String id = active(helper, protocol, server.getPort());
    try (Dialogue dialogue = Dialogue.open(lab, protocol, server);
        AnnouncedPort port = announcedPort.apply(dialogue)) {
      dialogue.clientSays(announcement.apply(dialogue, port));
      assertThat(expectationsOf(port)).singleElement().asString().contains("helper=" + helper);
      assertThat(port.isReached()).isTrue();
    }

    deleteAndAwait(id);
    isBlocked.run();
  }

  private static List<String> expectationsOf(AnnouncedPort port) {
    return Conntrack.expectations(lab.router()).stream()
        .filter(line -> line.contains(" dport=" + port.port() + " "))
        .toList();
  }

  private String create(String helper, String protocol, int port) {
    String id = api.createHelper(ROUTER, helper, protocol, port);
    existing.add(id);
    return id;
  }

  private String active(String helper, String protocol, int port) {
    String id = create(helper, protocol, port);
    api.awaitStatus(ROUTER, id, "ACTIVE");
    return id;
  }

  private void deleteAndAwait(String id) {
    api.deleteHelper(ROUTER, id);
    existing.remove(id);
    awaitRuleset(ruleset -> !ruleset.contains(id));
  }

  private static void awaitRuleset(Predicate<String> asWished) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> asWished.test(RouterNamespace.of(ROUTER).ruleset()));
  }
}
