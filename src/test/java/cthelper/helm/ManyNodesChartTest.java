package cthelper.helm;

import static cthelper.helm.Given.environment;
import static cthelper.helm.Given.mount;
import static cthelper.helm.Given.ports;
import static cthelper.helm.Given.probe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.config.KnownSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The chart's form for many nodes: replicas without powers, and an executor on each node. */
class ManyNodesChartTest {

  private static final String VALUES =
      """
      nodeSelector: {role: network}
      database: {url: 'jdbc:postgresql://db:5432/helpers', existingSecret: db}
      token: {existingSecret: api-token}
      manyNodes: {enabled: true, replicas: 3, replicasSecret: replicas-tls}
      """;

  private final Chart chart = Chart.render(VALUES);
  private final DaemonSet executors =
      chart.manifest("DaemonSet", "net1-conntrack-helper-executor", DaemonSet.class);

  private PodSpec executorPod() {
    return executors.getSpec().getTemplate().getSpec();
  }

  private Container executor() {
    return executorPod().getContainers().getFirst();
  }

  @Test
  void replicasRunAnywhereWithoutPowers() {
    Container service = chart.container("service");

    assertThat(chart.deployment().getSpec().getReplicas()).isEqualTo(3);
    assertThat(chart.deployment().getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
    assertThat(chart.pod().getNodeSelector()).isEmpty();
    assertThat(chart.pod().getVolumes()).noneMatch(volume -> volume.getHostPath() != null);
    assertThat(service.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(service.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(service.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(service.getSecurityContext().getCapabilities().getAdd()).isEmpty();
    assertThat(environment(service))
        .containsEntry("CTHELPER_ROLES", "api,reconciler")
        .containsEntry("CTHELPER_NODE_STREAM_HOST", "0.0.0.0")
        .containsEntry("QUARKUS_HTTP_HOST", "127.0.0.1");
    assertThat(ports(service)).isEqualTo(Map.of("management", 9000, "nodes", 9697));
  }

  @Test
  void anExecutorHasItsNodeAndNoDatabase() {
    assertThat(executorPod().getNodeSelector()).isEqualTo(Map.of("role", "network"));
    assertThat(executorPod().getHostUsers()).isTrue();
    assertThat(executor().getSecurityContext().getCapabilities().getAdd())
        .containsExactly("SYS_ADMIN", "NET_ADMIN", "NET_BROADCAST");
    assertThat(environment(executor()))
        .containsEntry("CTHELPER_ROLES", "executor")
        .containsEntry("CTHELPER_EXECUTOR_CONTROL_PLANE", "net1-conntrack-helper-nodes:9697")
        .doesNotContainKeys("QUARKUS_DATASOURCE_JDBC_URL", "QUARKUS_DATASOURCE_PASSWORD");
    assertThat(ports(executor())).isEqualTo(Map.of("management", 9000));
    assertThat(mount(executor(), "/run/netns").getMountPropagation()).isEqualTo("HostToContainer");
    assertThat(hostPath(volume(executorPod(), "data"))).contains("/var/lib/conntrack-helper");
    assertThat(probe(executor().getReadinessProbe())).isEqualTo("management/q/health/ready");
    assertThat(executors.getSpec().getUpdateStrategy().getRollingUpdate().getMaxSurge().getIntVal())
        .isZero();
  }

  /** Both ends by files whose renewal is noticed; a node's own lie on the node, or in a Secret. */
  @Test
  void certificatesComeFromSecretsAndNodes() {
    for (Container container : List.of(chart.container("service"), executor())) {
      assertThat(environment(container))
          .containsEntry("QUARKUS_TLS_NODES_KEY_STORE_PEM__0__CERT", "/etc/nodes-tls/tls.crt")
          .containsEntry("QUARKUS_TLS_NODES_KEY_STORE_PEM__0__KEY", "/etc/nodes-tls/tls.key")
          .containsEntry("QUARKUS_TLS_NODES_TRUST_STORE_PEM_CERTS", "/etc/nodes-tls/ca.crt")
          .containsEntry("QUARKUS_TLS_NODES_RELOAD_PERIOD", "1m");
      assertThat(mount(container, "/etc/nodes-tls").getReadOnly()).isTrue();
    }
    assertThat(volume(chart.pod(), "nodes-tls").getSecret().getSecretName())
        .isEqualTo("replicas-tls");
    assertThat(hostPath(volume(executorPod(), "nodes-tls"))).contains("/etc/conntrack-helper/tls");

    Chart shared =
        Chart.render(VALUES.replace("replicas-tls}", "replicas-tls, nodeSecret: nodes-tls}"));
    PodSpec pod =
        shared
            .manifest("DaemonSet", "net1-conntrack-helper-executor", DaemonSet.class)
            .getSpec()
            .getTemplate()
            .getSpec();
    assertThat(volume(pod, "nodes-tls").getSecret().getSecretName()).isEqualTo("nodes-tls");
  }

  @Test
  void aMissingCertificateIsRefused() {
    assertThatThrownBy(() -> Chart.render(VALUES.replace(", replicasSecret: replicas-tls", "")))
        .hasMessageContaining("manyNodes.replicasSecret");
  }

  /** No selector finds the pods of the other kind. */
  @Test
  void servicesFindTheReplicasOnly() {
    Service nodes = chart.manifest("Service", "net1-conntrack-helper-nodes", Service.class);
    Map<String, String> ofReplicas =
        chart.deployment().getSpec().getTemplate().getMetadata().getLabels();
    Map<String, String> ofExecutors = executors.getSpec().getTemplate().getMetadata().getLabels();

    for (Map<String, String> selector :
        List.of(
            nodes.getSpec().getSelector(),
            chart.service().getSpec().getSelector(),
            budget().getSpec().getSelector().getMatchLabels(),
            chart.deployment().getSpec().getSelector().getMatchLabels())) {
      assertThat(ofReplicas).containsAllEntriesOf(selector);
      assertThat(ofExecutors.entrySet().containsAll(selector.entrySet())).isFalse();
    }
    assertThat(ofExecutors)
        .containsAllEntriesOf(executors.getSpec().getSelector().getMatchLabels());
    assertThat(nodes.getSpec().getPorts().getFirst().getPort()).isEqualTo(9697);
  }

  private PodDisruptionBudget budget() {
    return chart.manifest(
        "PodDisruptionBudget", "net1-conntrack-helper", PodDisruptionBudget.class);
  }

  /** One replica at a time, and each gives its clients and nodes time to go elsewhere. */
  @Test
  void drainingIsGentle() {
    assertThat(budget().getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
    for (String name : List.of("service", "proxy")) {
      assertThat(chart.container(name).getLifecycle().getPreStop().getSleep().getSeconds())
          .isEqualTo(5);
    }
  }

  @Test
  void onlyExecutorsReachTheNodeStream() {
    NetworkPolicy policy =
        chart.manifest("NetworkPolicy", "net1-conntrack-helper", NetworkPolicy.class);

    assertThat(policy.getSpec().getIngress())
        .filteredOn(rule -> rule.getPorts().getFirst().getPort().getStrVal().equals("nodes"))
        .singleElement()
        .satisfies(rule ->
            assertThat(rule.getFrom().getFirst().getPodSelector().getMatchLabels())
                .isEqualTo(executors.getSpec().getSelector().getMatchLabels()));
    NetworkPolicy ofExecutors =
        chart.manifest("NetworkPolicy", "net1-conntrack-helper-executor", NetworkPolicy.class);
    assertThat(ofExecutors.getSpec().getIngress())
        .singleElement()
        .satisfies(rule ->
            assertThat(rule.getPorts().getFirst().getPort().getStrVal()).isEqualTo("management"));
    assertThat(
            Chart.render(VALUES.replace("replicas: 3", "networkPolicy: {enabled: false}")).text())
        .doesNotContain("NetworkPolicy");
  }

  @Test
  void everySettingIsOneTheServiceKnows() {
    for (Container container : List.of(chart.container("service"), executor())) {
      assertThat(KnownSettings.unknown(List.of(), environment(container))).isEmpty();
    }
  }

  private static Volume volume(PodSpec pod, String name) {
    return pod.getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<String> hostPath(Volume volume) {
    return Optional.ofNullable(volume.getHostPath()).map(path -> path.getPath());
  }
}
