package cthelper.service;

import static cthelper.service.ServiceProcess.settings;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What prevents the start is said in one clear line, with the way out, and no stack trace. */
@ExtendWith(PrivateNetns.class)
class StartRefusedIT {

  @Test
  void aTakenPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(refusal(List.of(), settings("QUARKUS_HTTP_PORT", port)))
          .containsExactly(
              "conntrack-helper: port "
                  + port
                  + " of 127.0.0.1 cannot be used (Address already in use): stop the program that"
                  + " has it, or set QUARKUS_HTTP_PORT to another one");
    }
  }

  @Test
  void aTakenPortForHealthAndMetrics() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(refusal(List.of(), settings("QUARKUS_MANAGEMENT_PORT", port)))
          .singleElement()
          .asString()
          .contains("port " + port + " of 127.0.0.1 cannot be used")
          .endsWith("or set QUARKUS_MANAGEMENT_PORT to another one");
    }
  }

  @Test
  void aDataDirectoryInUse() {
    try (DataFolder data = new DataFolder();
        ServiceProcess first = ServiceProcess.start(data.path(), Map.of())) {
      List<String> refusal = refusal(List.of(), data, Map.of());
      assertThat(refusal)
          .containsExactly(
              "conntrack-helper: data directory "
                  + data.path()
                  + " is used by another process: stop it, or set CTHELPER_DATA_DIR to another"
                  + " directory");
      assertThat(new Api(first.base()).routerExists("no-such-router")).isFalse();
    }
  }

  @Test
  void anotherExecutorOnTheSameNamespaces() {
    try (DataFolder data = new DataFolder();
        ServiceProcess first = ServiceProcess.start(data.path(), Map.of())) {
      assertThat(first.hasSaid(ServiceProcess.READY)).isTrue();
      assertThat(refusal(List.of(), Map.of()))
          .singleElement()
          .asString()
          .contains("another executor already works on /run/netns");
    }
  }

  @Test
  void certificatesThatProveNothing() {
    assertThat(
            refusal(
                List.of(),
                settings(
                    "CTHELPER_ROLES",
                    "executor",
                    "CTHELPER_EXECUTOR_CONTROL_PLANE",
                    "127.0.0.1:9697",
                    "QUARKUS_TLS_NODES_TRUST_ALL",
                    "true")))
        .singleElement()
        .asString()
        .contains("trust-all would let anybody speak for any node: name a trust-store");
  }

  @Test
  void aMissingPrivilege() {
    List<String> withoutSysAdmin =
        List.of("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin");
    assertThat(refusal(withoutSysAdmin, Map.of()))
        .containsExactly(
            "conntrack-helper: the executor role needs CAP_SYS_ADMIN: run as root, or leave the"
                + " role out (CTHELPER_ROLES=api,reconciler)");
  }

  /** It would else keep everything that root has. */
  @Test
  void whatOnlyTheServiceItselfMaySet() {
    assertThat(refusal(List.of(), settings("CONNTRACK_HELPER_LISTENER", "none")))
        .containsExactly(
            "conntrack-helper: CONNTRACK_HELPER_LISTENER is set, which only this service itself may"
                + " do: unset it");
  }

  @Test
  void listeningBeyondLoopbackWithoutAuthentication() {
    assertThat(refusal(List.of(), settings("QUARKUS_HTTP_HOST", "0.0.0.0")))
        .singleElement()
        .asString()
        .contains("listening on 0.0.0.0 without authentication");
  }

  @Test
  void everyWrongSettingAtOnce() {
    assertThat(
            refusal(
                List.of(), settings("CTHELPER_NETNSDIR", "/x", "CTHELPER_NODENAME", "somewhere")))
        .containsExactly(
            "conntrack-helper: unknown setting CTHELPER_NETNSDIR; did you mean"
                + " CTHELPER_NETNS_DIR?",
            "conntrack-helper: unknown setting CTHELPER_NODENAME; did you mean"
                + " CTHELPER_NODE_NAME?");
  }

  @Test
  void aHelperThatNoKernelHas() {
    assertThat(refusal(List.of(), settings("CTHELPER_ALLOWED_HELPERS", "ftp:tcp,amanda:tcp")))
        .singleElement()
        .asString()
        .contains("cthelper.allowed-helpers: no kernel can serve amanda:tcp");
  }

  @Test
  void aDatabaseThatIsNotThere() {
    assertThat(
            refusal(
                List.of(),
                settings(
                    "QUARKUS_DATASOURCE_JDBC_URL",
                    "jdbc:postgresql://127.0.0.1:1/none",
                    "QUARKUS_DATASOURCE_USERNAME",
                    "nobody")))
        .singleElement()
        .asString()
        .contains("the database cannot be used")
        .contains("QUARKUS_DATASOURCE_JDBC_URL");
  }

  private static List<String> refusal(List<String> wrapper, Map<String, String> settings) {
    try (DataFolder data = new DataFolder()) {
      return refusal(wrapper, data, settings);
    }
  }

  private static List<String> refusal(
      List<String> wrapper, DataFolder data, Map<String, String> settings) {
    try (ServiceProcess service = ServiceProcess.launch(wrapper, data.path(), settings)) {
      assertThat(service.awaitEnd()).isNotZero();
      return service.output().lines().toList();
    }
  }
}
