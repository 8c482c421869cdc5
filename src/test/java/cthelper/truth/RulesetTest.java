package cthelper.truth;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.service.CatalogueEntry;
import cthelper.truth.Model.Helper;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the witness's words are understood, down to one missing rule. */
class RulesetTest {

  private static final String ID = "2dd29db8-3911-4e35-a8b5-4c55ffd016b8";
  private static final Helper HELPER = new Helper(ID, CatalogueEntry.H323_UDP, 1719, 1);

  private static final String RULE =
      """
      , {"rule": {"family": "inet", "table": "conntrack_helpers", "chain": "prerouting",
        "handle": 4, "expr": [{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right":
        "new"}}, {"ct helper": {"map": {"key": {"concat": [{"meta": {"key": "l4proto"}},
        {"payload": {"protocol": "th", "field": "dport"}}]}, "data": "@assign"}}}]}}\
      """;

  /** As nft 1.0.6 prints it. */
  private static final String LISTING =
      """
      {"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5",
        "json_schema_version": 1}}, {"table": {"family": "inet", "name": "conntrack_helpers",
        "handle": 1, "flags": ["owner", "unknown"]}}, {"ct helper": {"family": "inet",
        "name": "h323-udp", "table": "conntrack_helpers", "handle": 5, "type": "RAS",
        "protocol": "udp", "l3proto": "inet"}}, {"map": {"family": "inet", "name": "assign",
        "table": "conntrack_helpers", "type": ["inet_proto", "inet_service"], "handle": 1,
        "map": "ct helper", "elem": [[{"elem": {"val": {"concat": ["udp", 1719]},
        "comment": "2dd29db8-3911-4e35-a8b5-4c55ffd016b8"}}, "h323-udp"]]}}, {"set": {"family":
        "inet", "name": "fence", "table": "conntrack_helpers", "type": ["mark", "mark", "mark"],
        "handle": 2, "elem": [{"concat": [1, 0, 3]}]}}, {"chain": {"family": "inet",
        "table": "conntrack_helpers", "name": "prerouting", "handle": 3, "type": "filter",
        "hook": "prerouting", "prio": -150, "policy": "accept"}}%s,
        {"table": {"family": "ip", "name": "nat", "handle": 2}}]}\
      """;

  @Test
  void whatNftPrintsIsUnderstood() {
    Ruleset seen = Ruleset.parse(LISTING.formatted(RULE));

    assertThat(seen.assignments()).isEqualTo(Map.of("udp 1719", "h323-udp " + ID));
    assertThat(seen.others()).containsExactly("{\"table\":{\"family\":\"ip\",\"name\":\"nat\"}}");
    assertThat(ExpectedRuleset.holds(seen, HELPER)).isTrue();
  }

  @Test
  void anAssignmentWithoutItsRuleIsNotHeld() {
    assertThat(ExpectedRuleset.holds(Ruleset.parse(LISTING.formatted("")), HELPER)).isFalse();
  }

  @Test
  void anAssignmentInASleepingTableIsNotHeld() {
    String sleeping = LISTING.formatted(RULE).replace("\"unknown\"", "\"dormant\"");
    assertThat(ExpectedRuleset.holds(Ruleset.parse(sleeping), HELPER)).isFalse();
  }

  @Test
  void anAssignmentOfAnotherIdIsNotHeld() {
    String other = LISTING.formatted(RULE).replace(ID, ID.replace('2', '3'));
    assertThat(ExpectedRuleset.holds(Ruleset.parse(other), HELPER)).isFalse();
  }
}
