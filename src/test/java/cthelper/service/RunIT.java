package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./run} by an ordinary user: a world of his own, and the machine's network.
 *
 * <p>The user is number 1000 of a user namespace, so that these tests mean the same whoever runs
 * them.
 */
@ExtendWith(PrivateNetns.class)
class RunIT {

  /** What this build has packaged, whatever was built before. */
  private static final Map<String, String> PACKAGED = Map.of("RUN_BUILD", "no");

  private static final List<String> ORDINARY_USER =
      List.of("unshare", "--user", "--map-user=1000", "--map-group=1000");

  @Test
  void theServiceSeesTheNamespacesOfItsWorld() {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        ServiceProcess service = run(data)) {
      assertThat(service.output())
          .contains("your own, without root")
          .contains("(./run shell ip netns add qrouter-<router id> makes one)");
      Api api = new Api(service.base());

      shell(service, "ip", "netns", "add", "qrouter-" + router).expect(0);
      api.awaitRouter(router);
      String helper = api.createHelper(router, "ftp", "tcp", 2121);
      api.awaitStatus(router, helper, "ACTIVE");

      assertThat(Path.of("/run/netns/qrouter-" + router)).doesNotExist();
      assertThat(
              shell(service, "ip", "netns", "exec", "qrouter-" + router, "nft", "list", "ruleset")
                  .expect(0))
          .contains("tcp . 2121");
      assertThat(service.stop()).isLessThan(Duration.ofSeconds(5));
      assertThat(data.postmasterPid()).doesNotExist();
    }
  }

  @Test
  void aLinkToItIsAsGood(@TempDir Path elsewhere) throws IOException {
    Path link = Files.createSymbolicLink(elsewhere.resolve("r"), Path.of("run").toAbsolutePath());

    assertThat(Ended.of(List.of(link.toString(), "shell"), Map.of("WORLD", "4194304")).expect(1))
        .isEqualTo("run: no service of yours has the pid 4194304\n");
    assertThat(Ended.of(List.of(link.toString(), "jdk"), Map.of()).expect(0)).startsWith("/");
  }

  @Test
  void aShellNeedsAService() {
    assertThat(Ended.of(List.of("./run", "shell"), Map.of("WORLD", "4194304")).expect(1))
        .isEqualTo("run: no service of yours has the pid 4194304\n");
  }

  /** As on systems where the administrator allows ordinary users none. */
  @Test
  void withoutUserNamespacesOneLineSaysSo() {
    String oneMore = "echo 1 >/proc/sys/user/max_user_namespaces && exec \"$@\"";
    List<String> command =
        new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "sh", "-c", oneMore, "sh"));
    command.addAll(ORDINARY_USER);
    command.add("./run");

    assertThat(Ended.of(command, PACKAGED).expect(1))
        .startsWith("run: this system does not let ordinary users make user and network namespaces")
        .contains("No space left on device")
        .contains("run it as root")
        .hasLineCount(1);
  }

  private static ServiceProcess run(DataFolder data) {
    List<String> command = new ArrayList<>(ORDINARY_USER);
    command.add("./run");
    return ServiceProcess.launchWith(command, data.path(), PACKAGED).awaitReady();
  }

  private static Ended shell(ServiceProcess service, String... command) {
    List<String> line = new ArrayList<>(List.of("./run", "shell"));
    line.addAll(List.of(command));
    return Ended.of(line, Map.of("WORLD", Long.toString(service.pid())));
  }
}
