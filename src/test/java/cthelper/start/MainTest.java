package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that cannot start says why in plain lines, nothing else, and ends with code 1. The
 * process is a real one; it is refused before Quarkus begins.
 */
@Timeout(60)
class MainTest {

  @TempDir Path temporary;

  private List<String> refusal(String... properties) throws IOException, InterruptedException {
    Path said = temporary.resolve("said");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.add("-Dcthelper.data-dir=" + temporary.resolve("data"));
    command.add("-Dcthelper.roles=api,reconciler");
    command.add("--enable-native-access=ALL-UNNAMED"); // as the manifest of the jar says
    for (String property : properties) {
      command.add("-D" + property);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(said.toFile()))
            .start();
    try {
      assertThat(process.waitFor()).isEqualTo(1);
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(said);
  }

  @Test
  void everyUnknownSettingIsNamed() throws Exception {
    assertThat(refusal("cthelper.netnsdir=/x", "cthelper.rolls=api"))
        .containsExactly(
            "conntrack-helper: unknown setting cthelper.netnsdir; did you mean"
                + " cthelper.netns-dir?",
            "conntrack-helper: unknown setting cthelper.rolls; did you mean cthelper.roles?");
  }

  @Test
  void aRoleThatIsNoneIsSaidInOneLine() throws Exception {
    assertThat(refusal("cthelper.roles=apy"))
        .containsExactly(
            "conntrack-helper: settings: cthelper.roles cannot be \"apy\"; possible: some of api,"
                + " reconciler, executor");
  }

  @Test
  void aYesThatIsNoneIsSaidInOneLine() throws Exception {
    assertThat(refusal("cthelper.adopt=maybe"))
        .containsExactly(
            "conntrack-helper: settings: cthelper.adopt cannot be \"maybe\"; possible: true, false");
  }

  @Test
  void anAddressOfAnotherKindOfDatabaseIsNotRepeated() throws Exception {
    assertThat(refusal("quarkus.datasource.jdbc.url=jdbc:postgres://h/x?password=secret"))
        .containsExactly(
            "conntrack-helper: settings: quarkus.datasource.jdbc.url has to begin with"
                + " jdbc:postgresql:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://bob:s3cret@db.local/helpers",
        "jdbc:postgresql://bob:s3cret@127.0.0.1:5432/helpers",
        "jdbc:postgresql://bob:s3cret@127.0.0.1:abc/helpers"
      })
  void aPasswordInFrontOfTheHostIsNotRepeated(String url) throws Exception {
    assertThat(refusal("quarkus.datasource.jdbc.url=" + url))
        .singleElement()
        .asString()
        .contains("QUARKUS_DATASOURCE_PASSWORD")
        .doesNotContain("s3cret");
  }

  @Test
  void aPortThatIsNoNumberIsSaidInOneLine() throws Exception {
    assertThat(refusal("quarkus.http.port=abc"))
        .containsExactly("conntrack-helper: settings: quarkus.http.port cannot be \"abc\"");
  }

  @Test
  void anEmptyAllowListIsNotTakenForAll() throws Exception {
    assertThat(refusal("cthelper.allowed-helpers="))
        .singleElement()
        .asString()
        .startsWith("conntrack-helper: settings: cthelper.allowed-helpers is empty: ");
  }

  @Test
  void aHostThatIsEmptyIsSaidInOneLine() throws Exception {
    assertThat(refusal("quarkus.http.host="))
        .containsExactly("conntrack-helper: settings: quarkus.http.host cannot be \"\"");
  }

  @Test
  void aTakenPortIsSaidBeforeAnythingIsMade() throws Exception {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(refusal("quarkus.http.port=" + holder.getLocalPort()))
          .singleElement()
          .asString()
          .startsWith("conntrack-helper: port " + holder.getLocalPort() + " of 127.0.0.1 cannot");
    }
    assertThat(temporary.resolve("data")).doesNotExist();
  }
}
