package cthelper.config;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.testing.TestSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data lies where it was configured, or in a folder of the user's own. */
class DataDirectoryTest {

  private static final Path IN_HOME =
      Path.of(System.getProperty("user.home"), ".local/share/conntrack-helper");

  @Test
  void theUsersDataFolderIsTaken() {
    assertThat(DataDirectory.usersOwn(Map.of("XDG_DATA_HOME", "/srv/data")))
        .isEqualTo(Path.of("/srv/data/conntrack-helper"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative/data", "~/data"})
  void oneThatIsNotAbsoluteIsIgnored(String dataHome) {
    assertThat(DataDirectory.usersOwn(Map.of("XDG_DATA_HOME", dataHome))).isEqualTo(IN_HOME);
  }

  @Test
  void withoutOneItIsInTheHomeDirectory() {
    assertThat(DataDirectory.usersOwn(Map.of())).isEqualTo(IN_HOME);
  }

  @Test
  void aConfiguredOneIsMadeAbsoluteAndShort() {
    DataDirectory directory =
        DataDirectory.of(TestSettings.of(Map.of("cthelper.data-dir", "some/../data")));
    assertThat(directory.path()).isEqualTo(Path.of("data").toAbsolutePath());
  }
}
