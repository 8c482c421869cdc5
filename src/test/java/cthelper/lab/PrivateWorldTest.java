package cthelper.lab;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PrivateWorldTest {

  @Test
  void aSharedDirectoryIsRefusedInOneLine() {
    assertThatThrownBy(() -> PrivateWorld.requireIn(Map.of()))
        .hasMessage("run ./run verify: kernel tests need a private /run/netns");
  }

  @Test
  void aPrivateOneIsAccepted() {
    assertThatCode(() -> PrivateWorld.requireIn(Map.of("TEST_NETNS", "private")))
        .doesNotThrowAnyException();
  }
}
