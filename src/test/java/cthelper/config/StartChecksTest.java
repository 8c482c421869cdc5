package cthelper.config;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.testing.TestSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that is wrong before the start is said at once, each in one line with the way out. */
class StartChecksTest {

  private static final String LOOPBACK = "127.0.0.1";
  private static final OpenFiles MANY = new OpenFiles(4096);

  private static List<String> problems(Map<String, String> settings, String host) {
    return StartChecks.problems(
        TestSettings.of(settings), host, settings.keySet(), List::of, () -> MANY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.1.1", "::1", "localhost"})
  void theDefaultsOnLoopbackAreFine(String host) {
    assertThat(problems(Map.of(), host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "no-such-host.invalid"})
  void listeningElsewhereWithoutAuthenticationIsRefused(String host) {
    assertThat(problems(Map.of(), host))
        .containsExactly(
            "listening on "
                + host
                + " without authentication would open every router to everybody: set"
                + " CTHELPER_AUTH=keystone with CTHELPER_KEYSTONE_URL, or QUARKUS_HTTP_HOST=127.0.0.1"
                + " and put an authenticating proxy in front");
  }

  private static final Map<String, String> KEYSTONE =
      Map.of(
          "cthelper.auth", "keystone",
          "cthelper.keystone.url", "https://identity.example.org:5000/v3",
          "cthelper.keystone.username", "conntrack-helper",
          "cthelper.keystone.password", "secret",
          "cthelper.keystone.project", "service");

  @Test
  void withKeystoneItMayListenAnywhere() {
    assertThat(problems(KEYSTONE, "0.0.0.0")).isEmpty();
  }

  @Test
  void whatKeystoneNeedsIsNamedAllAtOnce() {
    assertThat(problems(Map.of("cthelper.auth", "keystone"), LOOPBACK))
        .containsExactly(
            "cthelper.keystone.url is needed with cthelper.auth=keystone",
            "cthelper.keystone.username is needed with cthelper.auth=keystone",
            "cthelper.keystone.password is needed with cthelper.auth=keystone",
            "cthelper.keystone.project is needed with cthelper.auth=keystone");
  }

  @ParameterizedTest
  @CsvSource({
    "cthelper.keystone.url, identity.example.org:5000",
    "cthelper.keystone.url, ftp://identity.example.org",
    "cthelper.keystone.url, https://",
    "cthelper.keystone.url, https://joe:s3cret@identity.example.org",
    "cthelper.keystone.url, https://identity.example.org/v3?x=y",
    "cthelper.keystone.url, https://identity.example.org:99999",
    "cthelper.keystone.timeout, PT0S",
    "cthelper.keystone.timeout, PT61S",
    "cthelper.limits.helpers-per-router, 0",
    "cthelper.limits.helpers-per-router, 5001",
    "cthelper.limits.routers-per-project, 0",
    "cthelper.limits.requests-per-second, 0",
    "cthelper.keystone.token-cache, PT-1S"
  })
  void settingsThatCannotBeAreNamed(String name, String value) {
    Map<String, String> settings = new HashMap<>(KEYSTONE);
    settings.put(name, value);

    assertThat(problems(settings, LOOPBACK))
        .singleElement()
        .asString()
        .startsWith(name + ": ")
        .doesNotContain("s3cret");
  }

  @Test
  void routersOfACloudNeedItsKeystone() {
    assertThat(
            problems(
                Map.of(
                    "cthelper.router-source", "neutron",
                    "cthelper.networking.url", "https://network.example.org:9696"),
                LOOPBACK))
        .containsExactly(
            "cthelper.router-source=neutron asks with a token of Keystone: set"
                + " CTHELPER_AUTH=keystone with CTHELPER_KEYSTONE_URL, or"
                + " CTHELPER_ROUTER_SOURCE=own");
  }

  @Test
  void routersOfACloudNeedItsAddress() {
    Map<String, String> settings = new HashMap<>(KEYSTONE);
    settings.put("cthelper.router-source", "neutron");
    assertThat(problems(settings, LOOPBACK))
        .containsExactly(
            "cthelper.networking.url is needed with cthelper.router-source=neutron, for example"
                + " https://network.example.org:9696");

    settings.put("cthelper.networking.url", "https://network.example.org:9696/v2.0");
    assertThat(problems(settings, "0.0.0.0")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cthelper.networking.url, network.example.org:9696",
    "cthelper.networking.timeout, PT0S",
    "cthelper.networking.router-cache, PT-1S",
    "cthelper.networking.unknown-cache, PT-1S"
  })
  void settingsOfTheNetworkingServiceThatCannotBeAreNamed(String name, String value) {
    Map<String, String> settings = new HashMap<>(KEYSTONE);
    settings.put("cthelper.router-source", "neutron");
    settings.put("cthelper.networking.url", "https://network.example.org:9696");
    settings.put(name, value);

    assertThat(problems(settings, LOOPBACK)).singleElement().asString().startsWith(name + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"executor", "api,executor"})
  void anExecutorNeedsAReconciler(String roles) {
    assertThat(problems(Map.of("cthelper.roles", roles), LOOPBACK))
        .containsExactly(
            "cthelper.roles: an executor without a reconciler in its process needs"
                + " cthelper.executor.control-plane, where reconcilers listen, for example"
                + " 127.0.0.1:9697; or add reconciler");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:9697", "localhost:9697,[::1]:9698"})
  void anExecutorMayBeAloneWithTheWayToAReconciler(String addresses) {
    assertThat(problems(dialling(addresses), LOOPBACK)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:9697", ":9697"})
  void theWayToAReconcilerIsHostAndPort(String address) {
    assertThat(problems(dialling(address), LOOPBACK))
        .singleElement()
        .asString()
        .startsWith("cthelper.executor.control-plane: ")
        .endsWith(" is not like 127.0.0.1:9697 or [::1]:9697");
  }

  private static Map<String, String> dialling(String addresses) {
    return Map.of("cthelper.roles", "executor", "cthelper.executor.control-plane", addresses);
  }

  private static final Map<String, String> REACHING_OUT =
      Map.of(
          "cthelper.roles",
          "executor",
          "cthelper.executor.control-plane",
          "127.0.0.1:9697,192.0.2.1:9697");
  private static final Map<String, String> REACHABLE =
      Map.of("cthelper.roles", "api,reconciler", "cthelper.node-stream.host", "0.0.0.0");

  @Test
  void withoutCertificatesTheNodeStreamStaysOnTheMachine() {
    assertThat(problems(REACHING_OUT, LOOPBACK))
        .containsExactly(
            "cthelper.executor.control-plane: 192.0.2.1:9697 is another machine: without"
                + " certificates whoever reaches the node stream could change every router: set"
                + " quarkus.tls.nodes.key-store.* and quarkus.tls.nodes.trust-store.* (see README),"
                + " or lead it through a tunnel that ends here");
    assertThat(problems(REACHABLE, LOOPBACK))
        .singleElement()
        .asString()
        .startsWith("cthelper.node-stream.host: 0.0.0.0 can be reached from other machines: ");
  }

  @ParameterizedTest
  @CsvSource({
    "quarkus.tls.nodes.key-store.pem.0.cert, quarkus.tls.nodes.trust-store.pem.certs, 0",
    "QUARKUS_TLS_NODES_KEY_STORE_P12_PATH, QUARKUS_TLS_NODES_TRUST_STORE_P12_PATH, 0",
    "quarkus.tls.nodes.key-store.pem.0.cert, quarkus.tls.nodes.key-store.pem.0.key, 1",
    "quarkus.tls.others.key-store.pem.0.cert, quarkus.tls.nodes.trust-store.pem.certs, 1"
  })
  void withCertificatesItMayLeaveTheMachine(String one, String another, int problems) {
    for (Map<String, String> settings : List.of(REACHING_OUT, REACHABLE)) {
      Map<String, String> all = new HashMap<>(settings);
      all.put(one, "a");
      all.put(another, "b");
      assertThat(problems(all, LOOPBACK)).hasSize(problems);
    }
  }

  @Test
  void whereNobodyListensTheAddressToListenOnDoesNotMatter() {
    assertThat(problems(Map.of("cthelper.node-stream.host", "0.0.0.0"), LOOPBACK)).isEmpty();
    assertThat(
            problems(
                Map.of(
                    "cthelper.node-stream.host", "0.0.0.0", "cthelper.node-stream.enabled", "true"),
                LOOPBACK))
        .hasSize(1);
  }

  @Test
  void aHardenedServiceIsNotToAllowWhatItRefuses() {
    assertThat(
            problems(
                Map.of(
                    "cthelper.profile", "hardened", "cthelper.allowed-helpers", "ftp:tcp,irc:tcp"),
                LOOPBACK))
        .containsExactly(
            "cthelper.allowed-helpers: cthelper.profile=hardened refuses irc:tcp: Anybody who makes"
                + " a client repeat a line can have a port opened to it.");
    assertThat(
            problems(
                Map.of("cthelper.profile", "hardened", "cthelper.allowed-helpers", "ftp:tcp"),
                LOOPBACK))
        .isEmpty();
  }

  @Test
  void aHelperThatNoKernelHasIsNamed() {
    assertThat(problems(Map.of("cthelper.allowed-helpers", "ftp:tcp,tftp:tcp"), LOOPBACK))
        .singleElement()
        .asString()
        .startsWith("cthelper.allowed-helpers: no kernel can serve tftp:tcp; possible are ");
  }

  @Test
  void missingPrivilegesAreNamedWithBothWaysOut() {
    assertThat(
            StartChecks.problems(
                TestSettings.of(Map.of()),
                LOOPBACK,
                List.of(),
                () -> List.of("CAP_NET_ADMIN", "CAP_SYS_ADMIN"),
                () -> MANY))
        .containsExactly(
            "the executor role needs CAP_NET_ADMIN and CAP_SYS_ADMIN: run as root, or leave the"
                + " role out (CTHELPER_ROLES=api,reconciler)");
  }

  @Test
  void privilegesThatCannotBeReadAreAProblemToo() {
    assertThat(
            StartChecks.problems(
                TestSettings.of(Map.of()),
                LOOPBACK,
                List.of(),
                () -> {
                  throw new IOException("no /proc here");
                },
                () -> MANY))
        .containsExactly("cannot read this process's capabilities: no /proc here");
  }

  @Test
  void tooFewOpenFilesAreNamedWithTheWayOut() {
    assertThat(
            StartChecks.problems(
                TestSettings.of(Map.of()), LOOPBACK, List.of(), List::of, () -> new OpenFiles(512)))
        .containsExactly(
            "the limit of open files is 512, but the executor role needs 512 and one for each"
                + " router namespace: raise it: ulimit -n 1024, or LimitNOFILE=1024 in the systemd"
                + " unit");
  }

  @Test
  void aLimitThatCannotBeReadIsAProblemToo() {
    assertThat(
            StartChecks.problems(
                TestSettings.of(Map.of()),
                LOOPBACK,
                List.of(),
                List::of,
                () -> {
                  throw new IOException("no /proc here");
                }))
        .containsExactly("cannot read this process's limit of open files: no /proc here");
  }

  @Test
  void withoutTheExecutorRoleNoPrivilegesAreNeeded() {
    assertThat(
            StartChecks.problems(
                TestSettings.of(Map.of("cthelper.roles", "api,reconciler")),
                LOOPBACK,
                List.of(),
                () -> List.of("CAP_SYS_ADMIN"),
                () -> new OpenFiles(1)))
        .isEmpty();
  }

  @Test
  void allProblemsComeAtOnce() {
    assertThat(
            StartChecks.problems(
                TestSettings.of(
                    Map.of("cthelper.roles", "executor", "cthelper.allowed-helpers", "x:y")),
                "0.0.0.0",
                List.of(),
                () -> List.of("CAP_SYS_ADMIN"),
                () -> new OpenFiles(1)))
        .hasSize(5)
        .allSatisfy(problem -> assertThat(problem.lines()).hasSize(1));
  }
}
