package cthelper.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The demo tells the truth: its exit code follows what happened, and nothing stays behind. */
@ExtendWith(PrivateNetns.class)
class DemoIT {

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int TERMINATED = 128 + 15;

  @TempDir Path temporary;

  /** The command itself, with its own compilation and in a private world within this one. */
  @Test
  void theCommandTellsTheStory() throws Exception {
    Map<String, String> settings =
        Map.of(
            "RUN_BUILD", "no",
            "JAVA_HOME", System.getProperty("java.home"),
            "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/never-asked");

    Process demo = start(settings, List.of("./run", "demo"));

    assertThat(end(demo)).as(output()).isZero();
    assertThat(output())
        .containsSubsequence(
            "Fetch a file by FTP.",
            "nobody answers there",
            "curl -s http://127.0.0.1:",
            "map assign { tcp . 2121 : \"ftp-tcp\" }",
            "a connection from 10.98.1.2 to 10.98.2.2 port",
            "The file comes",
            "curl -s -X DELETE",
            "nobody answers there",
            "The answer, from a new port, does not.",
            "map assign { udp . 6969 : \"tftp-udp\" }",
            "The file comes",
            "The answer, from a new port, does not.",
            "All went as told");
  }

  @Test
  void aServiceThatDoesNotStart() throws Exception {
    List<Path> before = traces();

    Process demo = start(Map.of("CTHELPER_NETNSDIR", "/misspelt"), directly());

    assertThat(end(demo)).isEqualTo(1);
    assertThat(output().lines().toList().getLast())
        .startsWith("demo: step 1 (Start the service, with an empty database.) did not go as told:")
        .endsWith("did you mean CTHELPER_NETNS_DIR?");
    assertThat(traces()).isEqualTo(before);
  }

  @Test
  void aStepInTheMiddleThatGoesAnotherWay() throws Exception {
    List<Path> before = traces();

    Process demo = start(Map.of("CTHELPER_ALLOWED_HELPERS", "tftp:udp"), directly());

    assertThat(end(demo)).isEqualTo(1);
    assertThat(output().lines().toList().getLast())
        .startsWith("demo: step 3 (Create the helper ftp for tcp port 2121:) did not go as told:")
        .contains("POST was answered 400");
    assertThat(traces()).isEqualTo(before);
  }

  @Test
  void stoppedInTheMiddle() throws Exception {
    List<Path> before = traces();
    Process demo = start(Map.of(), directly());
    await()
        .atMost(LONGEST)
        .until(() -> output().contains("Fetch a file by FTP.") || !demo.isAlive());
    List<ProcessHandle> service = demo.descendants().toList();

    demo.destroy();

    assertThat(end(demo)).as(output()).isEqualTo(TERMINATED);
    assertThat(output()).contains("demo: stopped").doesNotContain("All went as told");
    assertThat(service).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(traces()).isEqualTo(before);
  }

  /** As {@code ./run demo} does once it stands in its private world; this test stands in one. */
  private List<String> directly() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.io.tmpdir=" + temporary,
        "-Dcthelper.test.app=" + System.getProperty("cthelper.test.app"),
        "-Dcthelper.test.prepared=" + System.getProperty("cthelper.test.prepared"),
        "-cp",
        System.getProperty("java.class.path"),
        Demo.class.getName());
  }

  private Process start(Map<String, String> settings, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
    builder.environment().putAll(settings);
    return builder.start();
  }

  private static int end(Process demo) throws InterruptedException {
    try {
      assertThat(demo.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return demo.exitValue();
    } finally {
      demo.descendants().forEach(ProcessHandle::destroy);
      demo.destroyForcibly();
    }
  }

  private String output() throws IOException {
    return Files.readString(log());
  }

  private Path log() {
    return temporary.resolve("output");
  }

  /** Namespaces and temporary files; the JVM keeps files of its own among the latter. */
  private List<Path> traces() throws IOException {
    try (Stream<Path> namespaces = Files.list(Path.of("/run/netns"));
        Stream<Path> files = Files.list(temporary)) {
      return Stream.concat(namespaces, files.filter(file -> !file.equals(log()))).sorted().toList();
    }
  }
}
