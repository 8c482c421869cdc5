package cthelper.stream;

import cthelper.model.Fence;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Desired helpers whose type only a newer reconciler knows: the node never hears of them, but its
 * answer about that desired state says that they were refused. Thread-safe.
 */
final class UnknownHelpers {

  private record Refused(Fence fence, List<Verdict> verdicts) {}

  private final Map<Placement, Refused> byPlacement = new ConcurrentHashMap<>();

  /** Of the newest state that was desired for the placement; usually none. */
  void desired(Placement placement, WireDesired desired) {
    if (desired.unknown().isEmpty()) {
      byPlacement.remove(placement);
    } else {
      byPlacement.put(placement, new Refused(desired.state().fence(), desired.unknown()));
    }
  }

  /** What the node answers, and what was refused for it. */
  ObservedState completed(Placement placement, ObservedState state) {
    Refused refused = byPlacement.get(placement);
    if (refused == null || !(state instanceof Held held) || !held.fence().equals(refused.fence)) {
      return state;
    }
    List<Verdict> verdicts = new ArrayList<>(held.verdicts());
    verdicts.addAll(refused.verdicts);
    return new Held(held.fence(), verdicts, held.changed());
  }

  void vanished(Placement placement) {
    byPlacement.remove(placement);
  }
}
