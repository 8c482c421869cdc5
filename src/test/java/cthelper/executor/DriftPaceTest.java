package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.testing.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twenty repairs are immediate; who goes on meets pauses and is named until he is quiet. */
class DriftPaceTest {

  private static final Tampering FLUSH = new Tampering("deleted table", "nft", 4711);
  private static final Tampering OTHER = new Tampering("deleted rule", "iptables", 4712);

  private final SteppedClock clock = new SteppedClock();
  private final DriftPace pace = new DriftPace(clock);

  private void repaired(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(pace.repaired(FLUSH)).isFalse();
    }
  }

  @Test
  void theFirstTwentyAreImmediateAndBlameNobody() {
    repaired(DriftPace.AT_ONCE);
    assertThat(pace.pause()).isZero();
    assertThat(pace.stubborn()).isEmpty();
  }

  @Test
  void pausesDoubleUpToASecond() {
    repaired(DriftPace.AT_ONCE);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      assertThat(pace.repaired(FLUSH)).as("newly stubborn").isEqualTo(i == 0);
      pauses.add(pace.pause().toMillis());
    }
    assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L);
  }

  @Test
  void theLastOneIsNamedUntilThirtySecondsAreQuiet() {
    repaired(DriftPace.AT_ONCE);
    pace.repaired(FLUSH);
    pace.repaired(OTHER);
    clock.pass(DriftPace.QUIET.minusMillis(1));
    assertThat(pace.stubborn()).contains(OTHER);
    clock.pass(Duration.ofMillis(1));
    assertThat(pace.stubborn()).isEmpty();
    assertThat(pace.pause()).isZero();
  }

  @Test
  void whoGoesOnSlowlyIsStillStubborn() {
    repaired(DriftPace.AT_ONCE);
    pace.repaired(FLUSH);
    for (int i = 0; i < 5; i++) {
      clock.pass(Duration.ofSeconds(29));
      pace.repaired(FLUSH);
    }
    assertThat(pace.stubborn()).contains(FLUSH);
  }

  @Test
  void twoASecondIsNotStubborn() {
    for (int i = 0; i < 100; i++) {
      repaired(1);
      clock.pass(Duration.ofMillis(501));
    }
    assertThat(pace.stubborn()).isEmpty();
    assertThat(pace.pause()).isZero();
  }
}
