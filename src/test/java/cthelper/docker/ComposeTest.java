package cthelper.docker;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.config.KnownSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The compose file: what its services are given fits together. */
@SuppressWarnings("unchecked") // YAML is maps of maps
class ComposeTest {

  private static final Path FILE = Path.of("docker/compose.yaml");

  private final Map<String, Map<String, Object>> services;

  ComposeTest() throws IOException {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    Map<String, Object> file = yaml.load(Files.readString(FILE));
    services = (Map<String, Map<String, Object>>) Objects.requireNonNull(file.get("services"));
  }

  private Map<String, Object> service(String name) {
    return Objects.requireNonNull(services.get(name));
  }

  private Map<String, String> environment(String service) {
    return (Map<String, String>) Objects.requireNonNull(service(service).get("environment"));
  }

  @Test
  void everySettingIsOneTheServiceKnows() {
    for (String service : List.of("replica-1", "replica-2", "executor")) {
      assertThat(KnownSettings.unknown(List.of(), environment(service))).isEmpty();
    }
  }

  @Test
  void theExecutorDialsBothReplicas() {
    assertThat(environment("executor").get("CTHELPER_EXECUTOR_CONTROL_PLANE"))
        .isEqualTo(
            "127.0.0.1:"
                + environment("replica-1").get("CTHELPER_NODE_STREAM_PORT")
                + ",127.0.0.1:"
                + environment("replica-2").get("CTHELPER_NODE_STREAM_PORT"));
  }

  @Test
  void nobodyTakesAnotherOnesPort() {
    assertThat(
            services.keySet().stream()
                .flatMap(service -> environment(service).entrySet().stream())
                .filter(setting -> setting.getKey().endsWith("_PORT"))
                .map(Map.Entry::getValue))
        .doesNotHaveDuplicates()
        .hasSize(7);
  }

  @Test
  void replicasHaveNoPowersAndTheExecutorItsThree() {
    for (String replica : List.of("replica-1", "replica-2")) {
      assertThat(service(replica)).containsEntry("cap_drop", List.of("ALL"));
      assertThat(service(replica)).doesNotContainKey("cap_add");
      assertThat(environment(replica)).containsEntry("CTHELPER_ROLES", "api,reconciler");
    }
    assertThat(service("executor"))
        .containsEntry("cap_drop", List.of("ALL"))
        .containsEntry("cap_add", List.of("SYS_ADMIN", "NET_ADMIN", "NET_BROADCAST"));
    assertThat(Stream.of("QUARKUS_DATASOURCE_JDBC_URL", "QUARKUS_DATASOURCE_PASSWORD"))
        .noneMatch(environment("executor")::containsKey);
  }
}
