package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code start} beside the service: the right flags and the right AOT cache for each role. */
@ExtendWith(PrivateNetns.class)
class StartIT {

  private static final Map<String, String> EXECUTOR =
      Map.of("CTHELPER_ROLES", "executor", "CTHELPER_EXECUTOR_CONTROL_PLANE", "127.0.0.1:9");
  private static final int MIB_IN_KIB = 1024;

  @TempDir private static Path installed;

  /** An installation of its own: other tests start the one that was built. */
  @BeforeAll
  static void install() {
    Command.of("cp", "-rT", built().toString(), installed.toString()).run();
    Command.of("rm", "-rf", installed.resolve("learned").toString()).run();
    // Settings of a service that is elsewhere; it must neither be used nor be disturbed.
    Map<String, String> other = Map.of("CTHELPER_DATA_DIR", "/nonexistent", "JAVA_OPTS", "-Xmx1k");
    assertThat(Ended.of(List.of(program(), "--learn", "executor"), withJava(other)).expect(0))
        .matches("learned " + installed + "/learned/executor.aot: \\d+ MB\n");
  }

  @Test
  void anExecutorHasItsOwnCacheAndIsSmall() throws IOException {
    try (DataFolder data = new DataFolder();
        ServiceProcess executor = start(program(), data, EXECUTOR)) {
      assertThat(maps(executor)).contains("/learned/executor.aot").doesNotContain("service.aot");
      assertThat(commandLine(executor)).contains("-XX:TieredStopAtLevel=1");
      assertThat(executor.output()).doesNotContain("[aot]");
      assertThat(residentKib(executor)).isLessThan(155L * MIB_IN_KIB);
    }
  }

  @Test
  void aServiceHasTheOther() throws IOException {
    Prepared.options(); // for all tests
    try (DataFolder data = new DataFolder();
        ServiceProcess service = start(built().resolve("start").toString(), data, Map.of())) {
      assertThat(maps(service)).contains("/learned/service.aot").doesNotContain("executor.aot");
      assertThat(commandLine(service)).doesNotContain("TieredStopAtLevel");
      assertThat(service.output()).doesNotContain("[aot]");
      assertThat(service.stop()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void whatAnotherBuildLearnedIsNotUsed() throws IOException {
    Path cache = installed.resolve("learned/executor.aot");
    FileTime learned = Files.getLastModifiedTime(cache);
    Files.setLastModifiedTime(cache, FileTime.from(Instant.EPOCH));
    try (DataFolder data = new DataFolder();
        ServiceProcess executor = start(program(), data, EXECUTOR)) {
      assertThat(maps(executor)).doesNotContain(".aot");
      assertThat(executor.output()).doesNotContain("[aot]");
    } finally {
      Files.setLastModifiedTime(cache, learned);
    }
  }

  /** As where an image is built: it learns nearly as much. */
  @Test
  void withoutPrivilegesItLearnsToo() throws IOException {
    List<String> command =
        List.of(
            "setpriv", "--bounding-set=-all", "--inh-caps=-all", program(), "--learn", "executor");
    assertThat(Ended.of(command, withJava(Map.of())).expect(0))
        .contains("start: learned less, because it did not get ready: conntrack-helper: executor")
        .contains("learned " + installed + "/learned/executor.aot: ");
    assertThat(installed.resolve("learned/executor.aot"))
        .satisfies(cache -> assertThat(Files.size(cache)).isGreaterThan(50_000_000));
  }

  @Test
  void itIsWhatImageAndUnitStart() throws IOException {
    assertThat(SystemdUnit.read().words("ExecStart"))
        .containsExactly("/usr/lib/conntrack-helper/start");
    assertThat(Files.readString(Path.of("docker/Dockerfile")))
        .contains("/app/start --learn")
        .endsWith("ENTRYPOINT [\"/app/start\"]\n");
  }

  private static ServiceProcess start(
      String program, DataFolder data, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("JAVA_OPTS", "-XX:ActiveProcessorCount=2"); // each processor has threads, thus memory
    return ServiceProcess.launchWith(List.of(program), data.path(), withJava(all)).awaitReady();
  }

  private static Map<String, String> withJava(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("JAVA_HOME", System.getProperty("java.home"));
    return all;
  }

  private static Path built() {
    return Path.of(System.getProperty("cthelper.test.app")).resolveSibling("");
  }

  private static String program() {
    return installed.resolve("start").toString();
  }

  private static String maps(ServiceProcess process) throws IOException {
    return Files.readString(Path.of("/proc/" + process.pid() + "/maps"));
  }

  private static String commandLine(ServiceProcess process) throws IOException {
    return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
  }

  private static long residentKib(ServiceProcess process) throws IOException {
    String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
    return Long.parseLong(status.replaceFirst("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
  }
}
