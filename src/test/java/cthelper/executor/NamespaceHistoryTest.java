package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.ObservedState.Held;
import cthelper.testing.SteppedClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one namespace has been through. */
class NamespaceHistoryTest {

  private final NamespaceHistory history = new NamespaceHistory(new SteppedClock());

  @Test
  void aTableThatIsRightWhileItsConnectionsAreNotIsTriedLessAndLess() {
    Held held = new Held(Plan.fence(1), List.of(), false);
    for (long millis : List.of(100L, 200L, 400L, 800L)) {
      history.holds(held);
      assertThat(history.failed()).isEqualTo(Duration.ofMillis(millis));
    }
    history.succeeded();
    assertThat(history.failed()).isEqualTo(Duration.ofMillis(100));
  }
}
