package cthelper.executor;

import static cthelper.executor.Plan.OTHER_ROUTER;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.placement;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.Placement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However many ask for a look later, there is one. */
class LaterLooksTest {

  private static final Placement HERE = placement(ROUTER);
  private static final Placement THERE = placement(OTHER_ROUTER);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATE = Duration.ofMinutes(1);

  private final List<Runnable> timers = new ArrayList<>();
  private final List<Placement> looks = new ArrayList<>();
  private final LaterLooks later = new LaterLooks((delay, task) -> timers.add(task), looks::add);

  private void fireAll() {
    List<Runnable> now = List.copyOf(timers);
    timers.clear();
    now.forEach(Runnable::run);
  }

  @Test
  void looksThatAskForMoreLooksDoNotMultiply() {
    for (int i = 0; i < 100; i++) {
      later.add(HERE, SOON);
    }
    for (int round = 0; round < 10; round++) {
      later.add(HERE, LATE); // something else has happened there
      fireAll();
      later.add(HERE, SOON);
    }
    assertThat(looks).hasSize(10);
    assertThat(timers).hasSize(1);
  }

  @Test
  void theEarliestCounts() {
    later.add(HERE, LATE);
    later.add(HERE, SOON);
    assertThat(timers).hasSize(2);
    timers.get(0).run();
    assertThat(looks).as("the late one, had it come first").isEmpty();
    timers.get(1).run();
    assertThat(looks).containsExactly(HERE);
  }

  @Test
  void eachPlacementHasItsOwn() {
    later.add(HERE, SOON);
    later.add(THERE, SOON);
    fireAll();
    assertThat(looks).containsExactly(HERE, THERE);
  }
}
