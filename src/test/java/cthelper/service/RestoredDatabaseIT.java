package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A database that was restored from a backup knows less than the nodes: it recovers by a new epoch,
 * and what it says is what the kernel holds again.
 */
@ExtendWith(PrivateNetns.class)
class RestoredDatabaseIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aNewEpochBringsWhatTheRestoredDatabaseSays() {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      Path database = data.path().resolve("postgres");
      Path backup = data.path().resolve("backup");
      String kept;
      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        kept = api.createHelper(router, "ftp", "tcp", 21);
        api.awaitStatus(router, kept, "ACTIVE");
        service.stop();
        Command.of("cp", "-a", database.toString(), backup.toString()).run();
      }
      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        api.deleteHelper(router, kept);
        for (int port = 2121; port < 2126; port++) {
          api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", port), "ACTIVE");
        }
        service.stop();
      }
      assertThat(namespace.ourTable()).contains("tcp . 2125").doesNotContain("tcp . 21 ");

      Command.of("rm", "-rf", database.toString()).run();
      Command.of("mv", backup.toString(), database.toString()).run();
      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        Api api = new Api(service.base());
        await()
            .atMost(SOON)
            .untilAsserted(() ->
                assertThat(namespace.ourTable())
                    .contains("tcp . 21 comment \"" + kept)
                    .doesNotContain("tcp . 2121"));
        api.awaitStatus(router, kept, "ACTIVE");
        assertThat(service.output()).contains("database is older than its nodes (restored?)");
        assertThat(namespace.ourTable()).contains("elements = { 0x00000002 . ");
      }
    }
  }
}
