package cthelper.audit;

import cthelper.audit.Finding.Kind;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.netfilter.HelpedConnection;
import cthelper.netfilter.TableReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the API says of a router against what one of its namespaces holds. Pure; one per namespace.
 */
final class Comparison {

  private final String namespace;
  private final Optional<List<SaidHelper>> said;
  private final SeenNamespace seen;
  private final List<Finding> findings = new ArrayList<>();

  private Comparison(String namespace, Optional<List<SaidHelper>> said, SeenNamespace seen) {
    this.namespace = namespace;
    this.said = said;
    this.seen = seen;
  }

  /**
   * Everything that differs.
   *
   * @param said the router's helpers; empty when the API knows no such router
   */
  static List<Finding> of(String namespace, Optional<List<SaidHelper>> said, SeenNamespace seen) {
    Comparison comparison = new Comparison(namespace, said, seen);
    comparison.compare();
    return comparison.findings;
  }

  private void compare() {
    seen.trouble().ifPresent(trouble -> found(Kind.UNKNOWN, "cannot be read: " + trouble));
    switch (seen.table()) {
      case TableReading.Absent _ -> compareAssignments(new TreeMap<>());
      case TableReading.Ours ours -> {
        if (!ours.isIntact()) {
          found(Kind.DAMAGED, "the table is not as this service makes it");
        }
        if (said.isEmpty()) {
          found(Kind.LEFTOVER, "table, but the API knows no such router");
        } else if (said.get().isEmpty() && ours.assignments().isEmpty()) {
          found(Kind.LEFTOVER, "table, but the router has no helpers");
        }
        compareAssignments(ours.assignments());
      }
      case TableReading.Foreign foreign ->
          found(
              Kind.DAMAGED,
              "a table of our name, made by "
                  + foreign.installation().map(UUID::toString).orElse("another program"));
      case TableReading.Contended _, TableReading.Failed _ -> {
        return; // told above
      }
    }
    compareConnections();
    compareOthers();
  }

  /** An ACTIVE helper must not be one that another program's rule comes before. */
  private void compareOthers() {
    for (SaidHelper helper : said.orElse(List.of())) {
      seen.others().stream()
          .filter(other -> helper.isActive() && other.overrides(helper.spec()))
          .findFirst()
          .ifPresent(other ->
              found(
                  Kind.MISSING,
                  "helper %s is ACTIVE, but a rule of %s comes before it"
                      .formatted(helper.id(), other.where())));
    }
  }

  private void compareAssignments(SortedMap<HelperSpec, UUID> held) {
    Map<HelperSpec, SaidHelper> bySpec = new HashMap<>();
    said.orElse(List.of()).forEach(helper -> bySpec.put(helper.spec(), helper));
    for (SaidHelper helper : bySpec.values()) {
      UUID id = held.get(helper.spec());
      if (helper.isActive() && id == null) {
        found(
            Kind.MISSING,
            "no assignment " + helper.spec() + ", but helper " + helper.id() + " is ACTIVE");
      } else if (id != null && !id.equals(helper.id()) && helper.isActive()) {
        found(
            Kind.DAMAGED,
            "assignment %s is of helper %s, not %s".formatted(helper.spec(), id, helper.id()));
      }
    }
    for (HelperSpec spec : held.keySet()) {
      if (!bySpec.containsKey(spec)) {
        found(Kind.LEFTOVER, "assignment " + spec + ", but the router has no such helper");
      }
    }
  }

  /** A connection may carry what is assigned; not what was, but for the work of other programs. */
  private void compareConnections() {
    Set<String> allowed = new HashSet<>();
    said.orElse(List.of()).forEach(helper -> allowed.add(key(helper.spec())));
    Map<String, Integer> leftovers = new TreeMap<>();
    for (HelpedConnection connection : seen.connections()) {
      spec(connection)
          .filter(spec -> connection.master().isEmpty())
          .filter(spec -> !allowed.contains(key(spec)))
          .filter(spec -> seen.others().stream().noneMatch(other -> other.mayOverride(spec)))
          .ifPresent(spec -> leftovers.merge(spec.toString(), 1, Integer::sum));
    }
    leftovers.forEach((spec, count) ->
        found(
            Kind.LEFTOVER, count + " live connections carry " + spec + ", which is not assigned"));
  }

  private static String key(HelperSpec spec) {
    return spec.type().kernelName() + " " + spec.protocol() + " " + spec.port();
  }

  /** The catalogue's entry, if this service could have assigned it. */
  private static Optional<HelperSpec> spec(HelpedConnection connection) {
    return HelperCatalog.all().stream()
        .filter(type ->
            type.kernelName().equals(connection.helper())
                && type.protocol().number() == connection.target().protocol())
        .findFirst()
        .filter(type -> connection.target().port() >= HelperSpec.MIN_PORT)
        .map(type -> new HelperSpec(type, connection.target().port()));
  }

  private void found(Kind kind, String text) {
    findings.add(new Finding(kind, namespace, text));
  }
}
