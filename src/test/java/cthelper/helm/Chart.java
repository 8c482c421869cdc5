package cthelper.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The project's chart with some values, as Helm's own code renders it.
 *
 * <p>Manifests are read strictly: a field that Kubernetes does not have is an error here, where an
 * API server would drop it.
 *
 * @param text everything that was rendered
 */
public record Chart(Deployment deployment, Service service, ConfigMap proxyConfig, String text) {

  /** The values that have no default. */
  public static final String LEAST_VALUES =
      """
      nodeSelector: {kubernetes.io/hostname: net1}
      database: {url: 'jdbc:postgresql://db:5432/helpers', existingSecret: db}
      token: {existingSecret: api-token}
      """;

  private static final String NAME = "net1-conntrack-helper";

  static final Path DIRECTORY = Path.of("helm/conntrack-helper");

  /** Helm's own default is a version that nobody runs any more. */
  private static final String KUBERNETES = "1.33.0";

  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---$");
  private static final ObjectMapper STRICT =
      YAMLMapper.builder().annotationIntrospector(new WithoutCatchAll()).build();

  /**
   * Renders it as release {@code net1} in namespace {@code network}.
   *
   * @param values YAML, laid over the chart's own
   * @throws IllegalStateException with Helm's words when it refuses them
   */
  public static Chart render(String values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        return read(
            new Helm(DIRECTORY)
                .template()
                .withName("net1")
                .withNamespace("network")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(file)
                .call());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Chart read(String text) {
    return new Chart(
        manifest(text, "Deployment", NAME, Deployment.class),
        manifest(text, "Service", NAME, Service.class),
        manifest(text, "ConfigMap", NAME + "-proxy", ConfigMap.class),
        text);
  }

  /** The only one of this kind and name. */
  <T> T manifest(String kind, String name, Class<T> type) {
    return manifest(text, kind, name, type);
  }

  private static <T> T manifest(String text, String kind, String name, Class<T> type) {
    List<String> found =
        Arrays.stream(SEPARATOR.split(text))
            .filter(part -> part.contains("\nkind: " + kind + "\n"))
            .filter(part -> part.contains("\nmetadata:\n  name: " + name + "\n"))
            .toList();
    if (found.size() != 1) {
      throw new IllegalStateException(found.size() + " of " + kind + " " + name + ":\n" + text);
    }
    return strict(found.getFirst(), type);
  }

  /**
   * One manifest.
   *
   * @throws IllegalArgumentException that names a field which its kind does not have
   */
  static <T> T strict(String manifest, Class<T> kind) {
    try {
      return STRICT.readValue(manifest, kind);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  PodSpec pod() {
    return deployment.getSpec().getTemplate().getSpec();
  }

  Container container(String name) {
    return pod().getContainers().stream()
        .filter(container -> container.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** HAProxy's configuration. */
  public String proxyConfiguration() {
    return Objects.requireNonNull(proxyConfig.getData().get("haproxy.cfg"));
  }

  /** The model keeps fields it does not know; this way they are refused. */
  private static final class WithoutCatchAll extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }
}
