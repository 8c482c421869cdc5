package cthelper.truth;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** When others last did something in which place. Thread-safe. */
final class Touches {

  /** Fewer than make a program stubborn in the eyes of the service, see its DriftPace. */
  private static final int MOST_EDITS = 12;

  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final Map<Place, Long> last = new HashMap<>();
  private final Map<Place, Deque<Long>> edits = new HashMap<>();
  private final Set<Place> unseen = new HashSet<>();
  private boolean isServiceUp = true;

  /** To be said before and after it. */
  synchronized void touch(Place place) {
    last.put(place, System.nanoTime());
  }

  /** Nobody but the service did anything there for so long. */
  synchronized Duration quiet(Place place) {
    Long since = last.get(place);
    return since == null ? Duration.ofDays(1) : Duration.ofNanos(System.nanoTime() - since);
  }

  /** A ruleset was changed. */
  synchronized void edited(Place place) {
    edits.computeIfAbsent(place, any -> new ArrayDeque<>()).add(System.nanoTime());
    if (!isServiceUp) {
      unseen.add(place);
    }
  }

  synchronized boolean mayEdit(Place place) {
    Deque<Long> recent = edits.computeIfAbsent(place, any -> new ArrayDeque<>());
    recent.removeIf(when -> System.nanoTime() - when > WINDOW.toNanos());
    return recent.size() < MOST_EDITS;
  }

  synchronized void serviceIsUp(boolean up) {
    isServiceUp = up;
    if (up) {
      unseen.clear();
    }
  }

  /** Whether rules were changed there while no service could see it. */
  synchronized boolean areUnseen(Place place) {
    return unseen.contains(place);
  }
}
