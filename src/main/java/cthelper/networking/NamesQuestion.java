package cthelper.networking;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which routers have one of these names: {@code name=edge&project_id=9f0c…&fields=id&fields=name&
 * fields=project_id}.
 *
 * @param project whose routers; everybody's without one
 */
record NamesQuestion(Set<String> names, Optional<String> project) {

  NamesQuestion {
    names = Set.copyOf(names);
  }

  /** As the query of an address, encoded. */
  String query() {
    return Stream.of(
            names.stream().sorted().map(name -> parameter("name", name)),
            project.stream().map(owner -> parameter("project_id", owner)),
            Stream.of("fields=id", "fields=name", "fields=project_id"))
        .flatMap(part -> part)
        .collect(Collectors.joining("&"));
  }

  /** Whether this router is one that was asked for. */
  boolean isAbout(RemoteRouter router) {
    return names.contains(router.name())
        && project.filter(owner -> !owner.equals(router.projectId())).isEmpty();
  }

  private static String parameter(String key, String value) {
    return key + "=" + URLEncoder.encode(value, UTF_8);
  }
}
