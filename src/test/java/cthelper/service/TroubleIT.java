package cthelper.service;

import static cthelper.service.ServiceProcess.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Interruptions at bad moments leave neither a process nor a data directory that is of no use. */
@ExtendWith(PrivateNetns.class)
class TroubleIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void stoppedInTheMiddleOfItsStartItLeavesNoServerRunning() {
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.launch(List.of(), data.path(), Map.of())) {
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> Files.exists(data.postmasterPid()));

      service.stop();

      assertThat(data.postmasterPid()).doesNotExist();
      assertThat(service.output()).doesNotContain("could not start").doesNotContain("Exception");
    }
  }

  @Test
  void killedWhileUnpackingItsProgramsItStartsTheNextTime() {
    try (DataFolder data = DataFolder.empty()) {
      Path programs = data.path().resolve("postgres-programs");
      try (ServiceProcess service = ServiceProcess.launch(List.of(), data.path(), Map.of())) {
        await()
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(2))
            .until(
                () -> !Command.of("find", data.path().toString(), "-name", "lib").run().isEmpty());
        service.kill();
      }
      assertThat(programs).isDirectory();

      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        assertThat(new Api(service.base()).routerExists("no-such-router")).isFalse();
      }
    }
  }

  @Test
  void whenItsDatabaseDiesItEndsAndSaysSo() throws IOException {
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
      Command.of("kill", "-9", Files.readAllLines(data.postmasterPid()).getFirst()).run();

      assertThat(service.awaitEnd()).isNotZero();
      assertThat(service.output())
          .contains("the embedded PostgreSQL ended by itself")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void withoutTheApiRoleNothingListens() {
    try (DataFolder data = new DataFolder();
        ServiceProcess service =
            ServiceProcess.start(data.path(), settings("CTHELPER_ROLES", "reconciler,executor"))) {
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), service.port()).close())
          .isInstanceOf(ConnectException.class);
      assertThat(service.output()).doesNotContain("Swagger");
    }
  }
}
