package cthelper.helm;

import static cthelper.helm.Given.environment;
import static cthelper.helm.Given.mount;
import static cthelper.helm.Given.ports;
import static cthelper.helm.Given.probe;
import static cthelper.helm.Given.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the chart makes. */
class ChartTest {

  private final Chart chart = Chart.render(Chart.LEAST_VALUES);

  @Test
  void oneProcessOnOneNode() {
    assertThat(chart.deployment().getSpec().getReplicas()).isEqualTo(1);
    assertThat(chart.deployment().getSpec().getStrategy().getType()).isEqualTo("Recreate");
    assertThat(chart.pod().getNodeSelector()).containsEntry("kubernetes.io/hostname", "net1");
    assertThat(chart.pod().getAutomountServiceAccountToken()).isFalse();
    assertThat(chart.pod().getEnableServiceLinks()).isFalse();
  }

  @Test
  void serviceMayEnterNamespacesAndNothingElse() {
    Container service = chart.container("service");
    SecurityContext may = service.getSecurityContext();

    assertThat(may.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(may.getCapabilities().getAdd())
        .containsExactly("SYS_ADMIN", "NET_ADMIN", "NET_BROADCAST");
    assertThat(may.getPrivileged()).isFalse();
    assertThat(may.getReadOnlyRootFilesystem()).isTrue();
    assertThat(chart.pod().getHostUsers()).isTrue();
    assertThat(chart.pod().getHostNetwork()).isNull();
    assertThat(chart.pod().getHostPID()).isNull();
    assertThat(chart.pod().getSecurityContext().getSeccompProfile().getType())
        .isEqualTo("RuntimeDefault");
  }

  @Test
  void namespacesThatAreMadeLaterAppearInThePod() {
    VolumeMount mount = mount(chart.container("service"), "/run/netns");

    assertThat(mount.getMountPropagation()).isEqualTo("HostToContainer");
    assertThat(hostPath(mount)).isEqualTo("/run/netns");
  }

  @Test
  void whatBelongsToTheNodeOutlivesThePod() {
    Container service = chart.container("service");

    assertThat(environment(service))
        .containsEntry("CTHELPER_DATA_DIR", "/var/lib/conntrack-helper");
    assertThat(hostPath(mount(service, "/var/lib/conntrack-helper")))
        .isEqualTo("/var/lib/conntrack-helper");
    assertThat(hostPath(mount(service, "/run/lock"))).isEqualTo("/run/lock");
  }

  @Test
  void onlyTheProxyIsReachable() {
    Container service = chart.container("service");

    assertThat(environment(service))
        .containsEntry("QUARKUS_HTTP_HOST", "127.0.0.1")
        .containsEntry("QUARKUS_HTTP_PORT", "9696")
        .containsEntry("QUARKUS_MANAGEMENT_HOST", "0.0.0.0");
    assertThat(ports(service)).isEqualTo(Map.of("management", 9000));
    assertThat(ports(chart.container("proxy"))).isEqualTo(Map.of("api", 8080));
    assertThat(chart.proxyConfiguration()).contains("server local 127.0.0.1:9696");
    assertThat(chart.service().getSpec().getPorts())
        .singleElement()
        .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("api"));
    assertThat(chart.deployment().getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(chart.service().getSpec().getSelector());
  }

  @Test
  void proxyHasNoPowers() {
    SecurityContext may = chart.container("proxy").getSecurityContext();

    assertThat(may.getRunAsNonRoot()).isTrue();
    assertThat(may.getAllowPrivilegeEscalation()).isFalse();
    assertThat(may.getReadOnlyRootFilesystem()).isTrue();
    assertThat(may.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(may.getCapabilities().getAdd()).isEmpty();
  }

  @Test
  void kubeletAsksForHealth() {
    Container service = chart.container("service");

    assertThat(probe(service.getStartupProbe())).isEqualTo("management/q/health/started");
    assertThat(probe(service.getLivenessProbe())).isEqualTo("management/q/health/live");
    assertThat(probe(service.getReadinessProbe())).isEqualTo("management/q/health/ready");
  }

  @Test
  void secretsStandInSecretsOnly() {
    Chart other =
        Chart.render(
            """
            nodeSelector: {role: network}
            database:
              {url: 'jdbc:postgresql://db/x', existingSecret: pg, usernameKey: u, passwordKey: p}
            token: {existingSecret: door, key: bearer}
            """);

    assertThat(secret(other, "service", "QUARKUS_DATASOURCE_USERNAME")).isEqualTo("pg/u");
    assertThat(secret(other, "service", "QUARKUS_DATASOURCE_PASSWORD")).isEqualTo("pg/p");
    assertThat(secret(other, "proxy", "API_TOKEN")).isEqualTo("door/bearer");
    assertThat(other.container("service").getArgs()).isEmpty();
    assertThat(other.container("proxy").getCommand())
        .containsExactly("haproxy", "-db", "-f", "/etc/proxy/haproxy.cfg");
    assertThat(other.text()).doesNotContain("kind: Secret");
  }

  @Test
  void tlsComesFromASecret() {
    Chart tls = Chart.render(Chart.LEAST_VALUES + "tls: {existingSecret: cert}");

    assertThat(tls.proxyConfiguration()).contains("bind :8443 ssl crt /etc/tls/tls.crt");
    assertThat(tls.proxyConfiguration()).contains("X-Forwarded-Proto https");
    assertThat(ports(tls.container("proxy"))).isEqualTo(Map.of("api", 8443));
    assertThat(mount(tls.container("proxy"), "/etc/tls").getName()).isEqualTo("tls");
    assertThat(tls.pod().getVolumes())
        .filteredOn(volume -> volume.getName().equals("tls"))
        .singleElement()
        .satisfies(volume -> assertThat(volume.getSecret().getSecretName()).isEqualTo("cert"));
  }

  @Test
  void aFieldThatKubernetesDoesNotHaveIsSeen() {
    assertThatThrownBy(() -> Chart.strict("{spec: {replica: 1}}", Deployment.class))
        .hasMessageContaining("replica");
  }

  private String hostPath(VolumeMount mount) {
    return chart.pod().getVolumes().stream()
        .filter(volume -> volume.getName().equals(mount.getName()))
        .map(volume -> volume.getHostPath().getPath())
        .findFirst()
        .orElseThrow();
  }
}
