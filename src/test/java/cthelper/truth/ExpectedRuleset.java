package cthelper.truth;

import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.service.CatalogueEntry;
import cthelper.truth.Model.Helper;
import cthelper.truth.Model.Namespace;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must be listed in a namespace. How nft shows the tables of others is asked once, in a
 * namespace where no service works.
 */
final class ExpectedRuleset {

  private static final String SKELETON =
      """
      {"nftables": [
      {"table": {"family": "inet", "name": "conntrack_helpers"}},
      {"map": {"family": "inet", "name": "assign", "table": "conntrack_helpers",
        "type": ["inet_proto", "inet_service"], "map": "ct helper"}},
      {"set": {"family": "inet", "name": "fence", "table": "conntrack_helpers",
        "type": ["mark", "mark", "mark"], "elem": [{"concat": [1, 0, 1]}]}},
      {"chain": {"family": "inet", "table": "conntrack_helpers", "name": "prerouting",
        "type": "filter", "hook": "prerouting", "prio": -150, "policy": "accept"}},
      {"rule": {"family": "inet", "table": "conntrack_helpers", "chain": "prerouting", "expr": [
        {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "new"}},
        {"ct helper": {"map": {"key": {"concat": [{"meta": {"key": "l4proto"}},
          {"payload": {"protocol": "th", "field": "dport"}}]}, "data": "@assign"}}}]}}
      ]}
      """;

  private final Map<ForeignTable, Set<String>> foreign = new EnumMap<>(ForeignTable.class);
  private final Set<String> occupied;

  /** Asks how nft shows what others have, in a namespace that is gone when it returns. */
  ExpectedRuleset() {
    LabNamespace namespace = new LabNamespace("model-reference");
    Command.of("ip", "netns", "add", namespace.name()).after("unshare", "-n").run();
    try {
      for (ForeignTable table : ForeignTable.values()) {
        namespace.nft(table.text);
        foreign.put(table, Ruleset.of(namespace).orElseThrow().others());
        namespace.nft("flush ruleset");
      }
      namespace.nft(Tampering.OCCUPY.text);
      occupied = Ruleset.of(namespace).orElseThrow().skeleton();
    } finally {
      Command.of("ip", "netns", "del", namespace.name()).run();
    }
  }

  /**
   * What must be there.
   *
   * @param helpers of the router; none when it is not known
   */
  Ruleset of(Namespace namespace, Collection<Helper> helpers) {
    Set<String> others = new TreeSet<>();
    namespace.foreign.forEach(table -> others.addAll(foreign.get(table)));
    if (namespace.occupied) {
      return new Ruleset(Map.of(), occupied, others);
    }
    if (helpers.isEmpty()) {
      return new Ruleset(Map.of(), Set.of(), others);
    }
    Map<String, String> assignments = new TreeMap<>();
    Set<String> skeleton = new TreeSet<>(Ruleset.parse(SKELETON).skeleton());
    for (Helper helper : helpers) {
      assignments.put(key(helper), value(helper));
      skeleton.addAll(Ruleset.parse(object(helper.type())).skeleton());
    }
    return new Ruleset(assignments, skeleton, others);
  }

  /** Whether connections to the helper's port get it, and by our table. */
  static boolean holds(Ruleset seen, Helper helper) {
    return value(helper).equals(seen.assignments().get(key(helper)))
        && seen.skeleton().containsAll(Ruleset.parse(SKELETON).skeleton())
        && seen.skeleton().containsAll(Ruleset.parse(object(helper.type())).skeleton());
  }

  private static String key(Helper helper) {
    return helper.type().protocol + " " + helper.port();
  }

  private static String value(Helper helper) {
    return objectName(helper.type()) + " " + helper.id();
  }

  private static String object(CatalogueEntry type) {
    return """
    {"nftables": [{"ct helper": {"family": "inet", "name": "%s", "table": "conntrack_helpers",
      "type": "%s", "protocol": "%s", "l3proto": "%s"}}]}
    """
        .formatted(
            objectName(type),
            type.kernelName,
            type.protocol,
            type.isForBothFamilies ? "inet" : "ip");
  }

  private static String objectName(CatalogueEntry type) {
    return type.helper + "-" + type.protocol;
  }

  /** What is missing and what is too much, each with its line; nothing when both are the same. */
  static Set<String> differences(Ruleset expected, Ruleset seen) {
    Set<String> found = new TreeSet<>();
    compare("assignment", lines(expected.assignments()), lines(seen.assignments()), found);
    compare("in our table", expected.skeleton(), seen.skeleton(), found);
    compare("of others", expected.others(), seen.others(), found);
    return found;
  }

  private static void compare(
      String what, Set<String> expected, Set<String> seen, Set<String> found) {
    Set<String> missing = new HashSet<>(expected);
    missing.removeAll(seen);
    missing.forEach(line -> found.add("%s: expected, not seen: %s".formatted(what, line)));
    Set<String> extra = new HashSet<>(seen);
    extra.removeAll(expected);
    extra.forEach(line -> found.add("%s: seen, not expected: %s".formatted(what, line)));
  }

  private static Set<String> lines(Map<String, String> assignments) {
    Set<String> lines = new TreeSet<>();
    assignments.forEach((key, value) -> lines.add(key + " : " + value));
    return lines;
  }
}
