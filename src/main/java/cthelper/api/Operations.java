package cthelper.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Every address of the API with its methods, in the order of {@code Allow}. JAX-RS answers some
 * methods by itself and says of no refused one what would be allowed; Neutron does not.
 */
final class Operations {

  /** {@code /v2.0/routers/{id}} → {@code GET, PUT, DELETE}. */
  private static final Map<String, List<String>> ALL = all();

  private static final Map<Pattern, List<String>> PATTERNS = patterns();

  private Operations() {}

  private static Map<String, List<String>> all() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put("/", List.of("GET"));
    all.put("/v2.0", List.of("GET"));
    all.put("/v2.0/agents", List.of("GET"));
    all.put("/v2.0/agents/{id}", List.of("GET", "DELETE"));
    all.put("/v2.0/conntrack_helper_types", List.of("GET"));
    all.put("/v2.0/extensions", List.of("GET"));
    all.put("/v2.0/extensions/{alias}", List.of("GET"));
    all.put("/v2.0/ports", List.of("GET"));
    all.put("/v2.0/routers", List.of("GET", "POST"));
    all.put("/v2.0/routers/{id}", List.of("GET", "PUT", "DELETE"));
    all.put("/v2.0/routers/{router_id}/conntrack_helpers", List.of("GET", "POST"));
    all.put("/v2.0/routers/{router_id}/conntrack_helpers/{id}", List.of("GET", "PUT", "DELETE"));
    all.put("/v2.0/routers/{router_id}/placements", List.of("GET"));
    return all;
  }

  private static Map<Pattern, List<String>> patterns() {
    Map<Pattern, List<String>> patterns = new LinkedHashMap<>();
    ALL.forEach((template, methods) ->
        patterns.put(
            Pattern.compile(template.replace(".", "\\.").replaceAll("\\{[a-z_]+}", "[^/]+") + "/?"),
            methods));
    return patterns;
  }

  /** The methods of the operations at this path; nothing for one where there is none. */
  static Optional<List<String>> at(String path) {
    return PATTERNS.entrySet().stream()
        .filter(entry -> entry.getKey().matcher(path).matches())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  static Set<String> addresses() {
    return ALL.keySet();
  }
}
