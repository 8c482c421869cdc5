package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The API description as Spectral, the linter of such descriptions, sees it. */
class SpectralIT {

  /** The first time it is fetched. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /**
   * In target, so that nothing is installed on the machine; what is there is not asked for again.
   */
  private static final Map<String, String> NPM =
      Map.of(
          "npm_config_cache", Path.of("target/npm").toAbsolutePath().toString(),
          "npm_config_prefer_offline", "true",
          "npm_config_update_notifier", "false");

  @Test
  void findsNothing() {
    List<String> command =
        List.of(
            Command.require("npm").toString(),
            "exec",
            "--yes",
            "--package=@stoplight/spectral-cli@6.16.3",
            "--",
            "spectral",
            "lint",
            "--fail-severity=warn",
            "--ruleset=openapi/.spectral.yaml",
            "openapi/openapi.yaml");
    assertThat(Ended.of(command, NPM, LIMIT).expect(0)).contains("No results");
  }
}
