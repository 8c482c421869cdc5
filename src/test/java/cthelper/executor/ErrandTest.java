package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.desired;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.netfilter.RulesetCommit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several errands for one placement are one, which forgets none of their reasons. */
class ErrandTest {

  private static final RulesetCommit FIRST = commit(1, "deleted table");
  private static final RulesetCommit SECOND = commit(2, "deleted rule");

  @Test
  void theNewerStateIsAskedFor() {
    Errand older = Errand.desire(desired(1, helper(FTP, 21)));
    Errand newer = Errand.desire(desired(2));
    assertThat(older.and(newer)).isEqualTo(newer);
    assertThat(newer.and(older)).isEqualTo(newer);
  }

  @Test
  void nothingIsForgotten() {
    Errand asked = Errand.desire(desired(1));
    Errand all = Errand.LOOK.and(Errand.repair(FIRST)).and(Errand.LOOK_AROUND).and(asked);
    assertThat(all.asked()).isEqualTo(asked.asked());
    assertThat(all.drift()).contains(FIRST);
    assertThat(all.foreign()).isTrue();
    assertThat(all.and(Errand.LOOK)).isEqualTo(all);
  }

  @Test
  void theLaterCulpritIsTold() {
    assertThat(Errand.repair(FIRST).and(Errand.repair(SECOND)).drift()).contains(SECOND);
  }

  private static RulesetCommit commit(int thread, String change) {
    return new RulesetCommit(3, thread, thread, "nft", List.of(change), false);
  }
}
