package cthelper.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Soon at first, then less often, and never all nodes at once. */
class RedialTest {

  private final Redial redial = new Redial(2, new Random(1));

  @Test
  void everyRoundWithoutAnswerWaitsLongerUpToALimit() {
    assertThat(redial.after(0)).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
    assertThat(redial.after(1)).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
    assertThat(redial.after(2)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(redial.after(5)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
    assertThat(redial.after(Integer.MAX_VALUE))
        .isBetween(Duration.ofMillis(1500), Duration.ofMillis(3000));
  }

  @Test
  void twoThatLostTheSameReconcilerDialAtDifferentTimes() {
    Set<Duration> pauses = new HashSet<>();
    for (int node = 0; node < 100; node++) {
      pauses.add(new Redial(2, new Random(node)).after(100));
    }
    assertThat(pauses).hasSizeGreaterThan(50);
  }

  @Test
  void oneThatWasDismissedWaitsForSeconds() {
    assertThat(redial.afterDismissal()).isBetween(Duration.ofMillis(4500), Duration.ofSeconds(6));
  }
}
