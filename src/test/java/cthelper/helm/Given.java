package cthelper.helm;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Map;
import java.util.stream.Collectors;

/** What a container of the chart is given, in the few forms the tests ask for. */
final class Given {

  private Given() {}

  static Map<String, String> environment(Container container) {
    return container.getEnv().stream()
        .collect(
            Collectors.toMap(
                EnvVar::getName,
                variable -> variable.getValue() == null ? "" : variable.getValue()));
  }

  static String secret(Chart chart, String container, String variable) {
    return chart.container(container).getEnv().stream()
        .filter(candidate -> candidate.getName().equals(variable))
        .map(found -> found.getValueFrom().getSecretKeyRef())
        .map(reference -> reference.getName() + "/" + reference.getKey())
        .findFirst()
        .orElseThrow();
  }

  /** What is mounted at this path of the container. */
  static VolumeMount mount(Container container, String path) {
    return container.getVolumeMounts().stream()
        .filter(mount -> mount.getMountPath().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is mounted at " + path));
  }

  static Map<String, Integer> ports(Container container) {
    return container.getPorts().stream()
        .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
  }

  static String probe(Probe probe) {
    return probe.getHttpGet().getPort().getStrVal() + probe.getHttpGet().getPath();
  }
}
