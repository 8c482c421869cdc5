package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.netfilter.ForeignRule.Effect;
import cthelper.netfilter.ForeignRule.Means;
import cthelper.netfilter.ForeignRule.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Walks that the kernel would refuse, or that are longer than anybody's. */
class ChainWalkTest {

  private static final int PRIORITY = -160;
  private static final ForeignRule FTP = rule(Ports.ALL, new Effect.Assigns("ftp", Means.NFT));

  @Test
  void loopEndsAndLeavesEverythingUncertain() {
    List<ForeignRule> again = List.of(rule(Ports.ALL, new Effect.Enters("loop", true)));

    assertThat(new ChainWalk("ip t", Map.of("loop", again), PRIORITY).from("c", again, all()))
        .containsExactly(anything("table ip t chain c", ""));
  }

  @Test
  void walkOfMillionsOfRulesEnds() {
    ForeignRule entersOften =
        new ForeignRule(
            Collections.nCopies(100, new Step(Scope.EVERYTHING, new Effect.Enters("b", true))));
    Map<String, List<ForeignRule>> chains =
        Map.of("b", Collections.nCopies(100_000, rule(Ports.ALL, new Effect.Returns())));

    assertThat(new ChainWalk("ip t", chains, PRIORITY).from("c", List.of(entersOften), all()))
        .containsExactly(anything("table ip t chain c", ""));
  }

  @Test
  void manyWaysOutAreTakenForOneOfEverything() {
    List<ForeignRule> rules =
        new ArrayList<>(
            Collections.nCopies(600, rule(Ports.between(80, 80), new Effect.Escapes())));
    rules.add(FTP);

    assertThat(new ChainWalk("ip t", Map.of(), PRIORITY).from("c", rules, all()))
        .containsExactly(anything("table ip t chain c", "ftp"));
  }

  @Test
  void strangeNameIsQuoted() {
    assertThat(new ChainWalk("ip t", Map.of(), PRIORITY).from("c\nd", List.of(FTP), all()))
        .extracting(ForeignAssignment::where)
        .containsExactly("table ip t chain \"c\\nd\"");
  }

  private static ForeignRule rule(Ports ports, Effect effect) {
    return new ForeignRule(List.of(new Step(Scope.of(ports), effect)));
  }

  private static Scope all() {
    return Scope.EVERYTHING;
  }

  private static ForeignAssignment anything(String where, String helper) {
    return new ForeignAssignment(
        where, helper, all().families(), all().protocols(), Ports.ALL, false);
  }
}
