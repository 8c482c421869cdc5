package cthelper.executor;

import cthelper.model.Placement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Looks that were put off: for each placement one counts, the earliest. A look asks again for
 * whatever it leaves undone, so that a second one would add nothing, but ask for a third.
 * Thread-safe.
 */
final class LaterLooks {

  private final BiConsumer<Duration, Runnable> timer;
  private final Consumer<Placement> look;

  /** When the next one is due, by {@link System#nanoTime}. */
  private final Map<Placement, Long> next = new ConcurrentHashMap<>();

  /**
   * @param timer runs a task after a delay
   */
  LaterLooks(BiConsumer<Duration, Runnable> timer, Consumer<Placement> look) {
    this.timer = timer;
    this.look = look;
  }

  /** Looks after this delay, or before. */
  void add(Placement placement, Duration delay) {
    long wanted = System.nanoTime() + delay.toNanos();
    long due = next.merge(placement, wanted, (known, later) -> known - later <= 0 ? known : later);
    if (due == wanted) {
      timer.accept(delay, () -> look(placement, wanted));
    }
  }

  /** An earlier one has taken the place of those that are not next any more. */
  private void look(Placement placement, long due) {
    if (next.remove(placement, due)) {
      look.accept(placement);
    }
  }
}
