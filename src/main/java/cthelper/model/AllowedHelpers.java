package cthelper.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The helper types users may ask for: {@code cthelper.allowed-helpers}, by default the whole
 * catalogue, or what is left of it without those of high risk. Immutable.
 */
public final class AllowedHelpers {

  private final Set<HelperType> types;

  private AllowedHelpers(Set<HelperType> types) {
    this.types = Set.copyOf(types);
  }

  /** What is left of the catalogue without the types of high {@link HelperRisk}. */
  public static AllowedHelpers hardened() {
    return new AllowedHelpers(
        HelperCatalog.all().stream()
            .filter(type -> !HelperRisk.of(type).high())
            .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /** Everything the catalogue has. */
  public static AllowedHelpers everything() {
    return new AllowedHelpers(new LinkedHashSet<>(HelperCatalog.all()));
  }

  /**
   * Reads {@code name:protocol} pairs, for example {@code ["ftp:tcp", "tftp:udp"]}.
   *
   * @throws IllegalArgumentException naming every pair that no kernel can serve and those it can
   */
  public static AllowedHelpers parse(List<String> pairs) {
    Set<HelperType> types = new LinkedHashSet<>();
    List<String> unknown = new ArrayList<>();
    for (String pair : pairs) {
      find(pair.strip()).ifPresentOrElse(types::add, () -> unknown.add(pair));
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "no kernel can serve "
              + String.join(", ", unknown)
              + "; possible are "
              + HelperCatalog.all().stream()
                  .map(HelperType::toString)
                  .collect(Collectors.joining(", ")));
    }
    return new AllowedHelpers(types);
  }

  private static Optional<HelperType> find(String pair) {
    return HelperCatalog.all().stream().filter(type -> type.toString().equals(pair)).findFirst();
  }

  /** Whether some protocol of this API name is allowed. */
  public boolean allowsName(String name) {
    return types.stream().anyMatch(type -> type.name().equals(name));
  }

  /** The type of this name and protocol, if it is allowed. */
  public Optional<HelperType> find(String name, Protocol protocol) {
    return HelperCatalog.find(name, protocol).filter(types::contains);
  }

  /**
   * The protocols allowed for this API name, sorted by name; empty when the name is not allowed.
   */
  public List<Protocol> protocolsOf(String name) {
    return types.stream()
        .filter(type -> type.name().equals(name))
        .map(HelperType::protocol)
        .sorted()
        .toList();
  }

  /** The allowed types in the order of the catalogue. */
  public List<HelperType> types() {
    return HelperCatalog.all().stream().filter(types::contains).toList();
  }
}
