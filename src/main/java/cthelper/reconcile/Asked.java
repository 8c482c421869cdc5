package cthelper.reconcile;

import cthelper.model.Fence;
import cthelper.model.NodeId;
import cthelper.model.Placement;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What nodes have been asked and have not answered yet, so that a placement that is still due is
 * not asked twice for the same fence. A question whose answer does not come is forgotten after a
 * while and asked again. Thread-safe.
 */
@ApplicationScoped
class Asked {

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  private record Question(Fence fence, int attempts, Instant asked) {

    boolean isLate(Instant now) {
      return !asked.plus(LONGEST_ANSWER).isAfter(now);
    }
  }

  private final Map<Placement, Question> open = new HashMap<>();
  private final Clock clock;

  @Inject
  Asked() {
    this(Clock.systemUTC());
  }

  Asked(Clock clock) {
    this.clock = clock;
  }

  /**
   * Whether to ask now: true once for each fence until answered.
   *
   * @param attempts how often asking has failed in a row before
   */
  synchronized boolean begin(Placement placement, Fence fence, int attempts) {
    Instant now = clock.instant();
    Question earlier = open.get(placement);
    if (earlier != null && earlier.fence.equals(fence) && !earlier.isLate(now)) {
      return false;
    }
    open.put(placement, new Question(fence, attempts, now));
    return true;
  }

  /** How many answers are waited for. */
  synchronized int waitedFor() {
    Instant now = clock.instant();
    return (int) open.values().stream().filter(question -> !question.isLate(now)).count();
  }

  /**
   * What this node was asked it will not answer any more: its link has ended, or it has a new one.
   */
  synchronized void forget(NodeId node) {
    open.keySet().removeIf(placement -> placement.node().equals(node));
  }

  /**
   * The node answered: the placement may be asked again.
   *
   * @return how often asking had failed in a row before this time
   */
  synchronized int answered(Placement placement) {
    Question question = open.remove(placement);
    return question == null ? 0 : question.attempts;
  }
}
