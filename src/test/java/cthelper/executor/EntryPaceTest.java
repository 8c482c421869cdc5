package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tries come quickly at first, and never stop. */
class EntryPaceTest {

  @Test
  void fourteenTriesTakeFourSeconds() {
    Duration together =
        IntStream.rangeClosed(1, 13)
            .mapToObj(EntryPace.NORMAL::after)
            .reduce(Duration.ZERO, Duration::plus);
    assertThat(together).isBetween(Duration.ofSeconds(4), Duration.ofMillis(4100));
  }

  @Test
  void fromThenOnTheyBecomeFewerDownToOneAMinute() {
    assertThat(EntryPace.NORMAL.after(14)).isEqualTo(EntryPace.NORMAL.after(13).multipliedBy(2));
    assertThat(EntryPace.NORMAL.after(18)).isEqualTo(Duration.ofMinutes(1));
    assertThat(EntryPace.NORMAL.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(1));
  }
}
