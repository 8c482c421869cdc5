package cthelper.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {

  @Test
  void outputIsReturned() {
    assertThat(Command.of("cat").withInput("two\nlines\n").run()).isEqualTo("two\nlines\n");
  }

  @Test
  void failureTellsCommandLineAndStandardError() {
    assertThatThrownBy(() -> Command.of("ls", "--no-such-option").run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("ls --no-such-option: exit code 2: ")
        .hasMessageContaining("unrecognized option");
  }

  @Test
  void aProgramThatHangsIsKilled() {
    assertThatThrownBy(() -> Command.of("sleep", "60").within(Duration.ofMillis(50)).run())
        .hasMessage("sleep 60: killed after PT0.05S");
  }

  @Test
  void aMissingProgramNamesItsPackage(@TempDir Path empty) {
    assertThatThrownBy(() -> Command.require("nft", List.of(empty)))
        .hasMessage("the program nft is missing: install the Debian package nftables");
    assertThatThrownBy(() -> Command.require("ip", List.of(empty)))
        .hasMessage("the program ip is missing: install the Debian package iproute2");
  }
}
