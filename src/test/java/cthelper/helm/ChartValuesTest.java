package cthelper.helm;

import static cthelper.helm.Given.environment;
import static cthelper.helm.Given.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import cthelper.config.KnownSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which values the chart takes, and what it says about others. */
class ChartValuesTest {

  @Test
  void lintFindsNothing(@TempDir Path copy) throws IOException {
    try (var files = Files.walk(Chart.DIRECTORY)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve("chart").resolve(Chart.DIRECTORY.relativize(file)));
      }
    }
    // The linter looks at the chart's own values only, and the chart has none for these on purpose.
    Path values = copy.resolve("chart/values.yaml");
    Files.writeString(
        values,
        Files.readString(values)
            .replace("nodeSelector: {}", "nodeSelector: {zone: a}")
            .replace("url: ''", "url: jdbc:postgresql://db/helpers")
            .replaceFirst("(?s)(database:.*?existingSecret: )''", "$1db")
            .replaceFirst("(?s)(token:.*?existingSecret: )''", "$1api-token"));

    LintResult result = new Helm(copy.resolve("chart")).lint().call();

    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
  }

  @Test
  void everySettingIsOneTheServiceKnows() {
    Chart full =
        Chart.render(
            Chart.LEAST_VALUES
                + """
                settings: {adopt: false, allowedHelpers: ['ftp:tcp', 'sip:udp'], tableOwner: 'true'}
                extraEnv:
                  - {name: QUARKUS_LOG_LEVEL, value: DEBUG}
                  - name: FROM_SECRET
                    valueFrom: {secretKeyRef: {name: other, key: k}}
                """);
    Map<String, String> environment = environment(full.container("service"));

    assertThat(KnownSettings.unknown(List.of(), environment)).isEmpty();
    assertThat(environment)
        .containsEntry("CTHELPER_ADOPT", "false")
        .containsEntry("CTHELPER_ALLOWED_HELPERS", "ftp:tcp,sip:udp")
        .containsEntry("CTHELPER_EXECUTOR_TABLE_OWNER", "true")
        .containsEntry("QUARKUS_LOG_LEVEL", "DEBUG");
    assertThat(secret(full, "service", "FROM_SECRET")).isEqualTo("other/k");
  }

  @Test
  void whatOperatorsChooseArrives() {
    Chart chosen =
        Chart.render(
            Chart.LEAST_VALUES
                + """
                image: {repository: local/helpers, tag: '7'}
                imagePullSecrets: [pull]
                tolerations: [{key: role, operator: Equal, value: network, effect: NoSchedule}]
                service: {type: NodePort, port: 80}
                node: {namespaces: /srv/netns, locks: /srv/lock, data: /srv/helpers}
                podAnnotations: {prometheus.io/port: '9000'}
                resources: {requests: {cpu: 2}, limits: {memory: 1Gi}}
                proxy: {trustForwarded: true}
                """);
    Container service = chosen.container("service");

    assertThat(service.getImage()).isEqualTo("local/helpers:7");
    assertThat(service.getResources().getLimits()).containsEntry("memory", new Quantity("1Gi"));
    assertThat(chosen.pod().getImagePullSecrets().getFirst().getName()).isEqualTo("pull");
    assertThat(chosen.pod().getTolerations().getFirst().getValue()).isEqualTo("network");
    assertThat(
            chosen.pod().getVolumes().stream()
                .map(Volume::getHostPath)
                .filter(path -> path != null))
        .extracting("path")
        .containsExactly("/srv/netns", "/srv/lock", "/srv/helpers");
    assertThat(chosen.service().getSpec().getType()).isEqualTo("NodePort");
    assertThat(chosen.deployment().getSpec().getTemplate().getMetadata().getAnnotations())
        .containsEntry("prometheus.io/port", "9000");
    assertThat(chosen.proxyConfiguration()).doesNotContain("del-header x-forwarded-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "replicas: 2 | additional properties 'replicas' not allowed",
        "proxy: {tokn: x} | additional properties 'tokn' not allowed",
        "proxy: {image: {name: x}} | additional properties 'name' not allowed",
        "database: {password: x} | additional properties 'password' not allowed",
        "settings: {adopt: 'yes'} | at '/settings/adopt'",
        "settings: {allowedHelpers: [ftp]} | at '/settings/allowedHelpers/0'",
        "settings: {tableOwner: maybe} | at '/settings/tableOwner'",
        "service: {port: 70000} | at '/service/port'",
        "node: {data: relative} | at '/node/data'",
        "database: {url: 'jdbc:postgresql://db/x?password=y'} | at '/database/url'",
        "extraEnv: [{name: X, valu: y}] | additional properties 'valu' not allowed",
        "resources: {limits: {memry: 1Gi}} | additional properties 'memry' not allowed",
        "tolerations: [{effect: Sometimes}] | at '/tolerations/0/effect'",
      })
  void wrongValuesAreRefusedByName(String wrong, String words) {
    assertThatThrownBy(() -> Chart.render(withInstead(wrong)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodeSelector", "database", "token"})
  void valuesWithoutDefaultMustBeGiven(String name) {
    assertThatThrownBy(() -> Chart.render(without(name)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at '/" + name);
  }

  /** The least values, with this line in place of the one of the same name. */
  private static String withInstead(String line) {
    String name = line.substring(0, line.indexOf(':') + 1);
    return without(name) + line;
  }

  private static String without(String name) {
    return Chart.LEAST_VALUES
        .lines()
        .filter(line -> !line.startsWith(name))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
