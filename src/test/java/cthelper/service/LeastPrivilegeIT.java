package cthelper.service;

import static cthelper.service.ServiceProcess.settings;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.config.HeldPrivileges;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Started by root, with everything root has, each thread of the service holds what its roles need
 * and no more; and it works with that.
 */
@ExtendWith(PrivateNetns.class)
class LeastPrivilegeIT {

  private static final long NET_BROADCAST = 1L << 11;
  private static final long NET_ADMIN = 1L << 12;
  private static final long SYS_ADMIN = 1L << 21;
  private static final long READ_SEARCH = 1L << 2;
  private static final long OF_EXECUTOR = NET_ADMIN | SYS_ADMIN;
  private static final Map<String, String> WITHOUT_EXECUTOR =
      settings("CTHELPER_ROLES", "api,reconciler");

  /** What the test itself holds would be the service's, if nothing took it away. */
  @Test
  void thereIsMoreToGiveUp() throws IOException {
    HeldPrivileges ours = HeldPrivileges.ofThisThread();
    assertThat(ours.permitted() & (OF_EXECUTOR | NET_BROADCAST | READ_SEARCH))
        .isEqualTo(OF_EXECUTOR | NET_BROADCAST | READ_SEARCH);
    assertThat(ours.noNewPrivileges()).isFalse();
  }

  @Test
  void theExecutorKeepsTwo() {
    serve(
        List.of(),
        service -> {
          assertThat(ThreadPrivileges.of(service.pid())).containsExactly(exactly(OF_EXECUTOR));
          assertThat(service.output()).contains("CAP_NET_ADMIN, CAP_SYS_ADMIN, and never more");
        });
  }

  @Test
  void apiAndReconcilerKeepNone() {
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), WITHOUT_EXECUTOR)) {
      assertThat(ThreadPrivileges.of(service.pid())).containsExactly(exactly(0));
      assertThat(new Api(service.base()).routerExists(UUID.randomUUID().toString())).isFalse();
    }
  }

  @Test
  void programsItStartsHoldNone() throws IOException {
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
      assertThat(service.hasSaid(ServiceProcess.READY)).isTrue();
      String database = Files.readAllLines(data.postmasterPid()).getFirst().strip();
      assertThat(ThreadPrivileges.of(Long.parseLong(database)))
          .singleElement()
          .satisfies(held -> {
            assertThat(held.permitted()).isZero();
            assertThat(held.ambient()).isZero();
            assertThat(held.noNewPrivileges()).isTrue();
          });
    }
  }

  /** As systemd gives them to a user who is not root. */
  @Test
  void ambientOnesAreKeptAndNotHandedOn() {
    String three = "-all,+net_admin,+sys_admin,+net_broadcast";
    List<String> asOrdinaryUser =
        List.of(
            "setpriv", "--securebits=+noroot", "--inh-caps=" + three, "--ambient-caps=" + three);
    serve(
        asOrdinaryUser,
        service ->
            assertThat(ThreadPrivileges.of(service.pid()))
                .allSatisfy(held -> {
                  assertThat(held.permitted()).isEqualTo(OF_EXECUTOR);
                  assertThat(held.effective()).isEqualTo(OF_EXECUTOR);
                  assertThat(held.noNewPrivileges()).isTrue();
                }));
  }

  /** As in a container that was given these, and not the one that takes others away for good. */
  @Test
  void withoutTheRightToLimitItselfItGivesUpTheRest() {
    List<String> contained =
        List.of(
            "setpriv",
            "--bounding-set=-all,+net_admin,+sys_admin,+net_broadcast,+kill",
            "--inh-caps=-all");
    serve(
        contained,
        service ->
            assertThat(ThreadPrivileges.of(service.pid()))
                .allSatisfy(held -> {
                  assertThat(held.permitted()).isEqualTo(OF_EXECUTOR);
                  assertThat(held.effective()).isEqualTo(OF_EXECUTOR);
                  assertThat(held.noNewPrivileges()).isTrue();
                }));
  }

  /** As with {@code sudo ./run} in the home directory of an ordinary user. */
  @Test
  void programsInAClosedDirectoryAreStillRead(@TempDir Path home) throws IOException {
    Path application = Path.of(System.getProperty("cthelper.test.app")).toAbsolutePath();
    Path closed = Files.createDirectory(home.resolve("closed"));
    Files.createSymbolicLink(closed.resolve("app"), application.getParent());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-jar"));
    command.add(closed.resolve("app").resolve(application.getFileName()).toString());
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try (DataFolder data = new DataFolder();
        ServiceProcess service =
            ServiceProcess.launchWith(command, data.path(), WITHOUT_EXECUTOR).awaitReady()) {
      assertThat(ThreadPrivileges.of(service.pid())).containsExactly(exactly(READ_SEARCH));
      assertThat(service.output()).startsWith("conntrack-helper: keeps CAP_DAC_READ_SEARCH too");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Starts it, and has a helper come into a kernel before the look. */
  private static void serve(List<String> wrapper, Consumer<ServiceProcess> look) {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router);
        ServiceProcess service =
            ServiceProcess.launch(wrapper, data.path(), Map.of()).awaitReady()) {
      Api api = new Api(service.base());
      api.awaitRouter(router);
      api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 21), "ACTIVE");
      assertThat(namespace.ourTable()).contains("tcp . 21");
      // One socket hears all namespaces although nobody may open such a one any more.
      assertThat(service.output()).doesNotContain("a socket for each router namespace");
      look.accept(service);
    }
  }

  private static HeldPrivileges exactly(long capabilities) {
    return new HeldPrivileges(true, 0, capabilities, capabilities, capabilities, 0, true);
  }
}
