package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The unit for systemd leaves the service what it works with, and takes the rest away. */
@ExtendWith(PrivateNetns.class)
class SystemdUnitIT {

  private final SystemdUnit unit = SystemdUnit.read();

  @Test
  void theServiceWorksWithWhatIsLeft() {
    String router = UUID.randomUUID().toString();
    // ip-netns(8) lets namespaces appear in other mount namespaces from the first one on.
    try (DataFolder data = new DataFolder();
        RouterNamespace _ = RouterNamespace.add(UUID.randomUUID().toString());
        ServiceProcess service =
            ServiceProcess.launch(unit.restricting(data.path()), data.path(), Map.of())
                .awaitReady();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      Api api = new Api(service.base());
      api.awaitRouter(router);
      api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 21), "ACTIVE");

      assertThat(namespace.ourTable()).contains("tcp . 21");
      assertThat(service.output()).doesNotContain("a socket for each router namespace");
      assertThat(ThreadPrivileges.of(service.pid())).hasSize(1);
    }
  }

  @Test
  void nothingElseCanBeWritten() throws IOException {
    try (DataFolder data = new DataFolder()) {
      assertThat(tried(data, "touch", data.path().resolve("x").toString()).code()).isZero();
      assertThat(data.path().resolve("x")).exists();
      for (String directory : List.of("/", "/etc", "/run", "/usr")) {
        Ended refused = tried(data, "touch", directory + "/" + UUID.randomUUID());
        assertThat(refused.code()).as(directory).isNotZero();
        assertThat(refused.output()).contains("Read-only file system");
      }
    }
  }

  @Test
  void onlyWhatTheServiceMayNeedIsInTheBoundingSet() {
    try (DataFolder data = new DataFolder()) {
      assertThat(tried(data, "grep", "CapBnd", "/proc/self/status").expect(0))
          .isEqualTo("CapBnd:\t0000000000201800\n");
    }
  }

  @Test
  void itsDirectoryIsTheOneThatMayBeWritten() {
    assertThat(unit.environment())
        .contains("CTHELPER_DATA_DIR=/var/lib/" + unit.word("StateDirectory"))
        .contains("QUARKUS_LOG_CONSOLE_JSON_ENABLED=true");
  }

  private Ended tried(DataFolder data, String... command) {
    List<String> line = new ArrayList<>(unit.restricting(data.path()));
    line.addAll(List.of(command));
    return Ended.of(line, Map.of());
  }
}
