package cthelper.executor;

import cthelper.netfilter.RulesetCommit;
import cthelper.netfilter.RulesetEvents;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * Turns what others commit into errands: a change of our table is to be repaired, at once or as
 * fast as {@link DriftPace} allows, and a change elsewhere may come before ours.
 */
final class DriftWatch implements RulesetEvents.Listener {

  /** A firewall is often changed in many steps: one look after them. */
  private static final Duration BETWEEN_LOOKS_AROUND = Duration.ofMillis(200);

  /** Where errands go. */
  interface Errands {

    /** Now, if the delay is zero. */
    void add(RouterNamespace namespace, Errand errand, Duration delay);

    /** Any namespace may have changed. */
    void lookAtAll();
  }

  private final IntFunction<Optional<RouterNamespace>> byNumber;
  private final Errands errands;

  /** By name: a namespace that takes another one's place takes over what waits for it. */
  private final Set<String> aboutToLook = ConcurrentHashMap.newKeySet();

  private final Set<String> aboutToRepair = ConcurrentHashMap.newKeySet();

  /**
   * @param byNumber the open namespace of {@link RulesetCommit#namespace}
   */
  DriftWatch(IntFunction<Optional<RouterNamespace>> byNumber, Errands errands) {
    this.byNumber = byNumber;
    this.errands = errands;
  }

  @Override
  public void committed(RulesetCommit commit) {
    byNumber
        .apply(commit.namespace())
        .filter(namespace -> !commit.isBy(namespace.socket()))
        .ifPresent(namespace -> committed(namespace, commit));
  }

  private void committed(RouterNamespace namespace, RulesetCommit commit) {
    if (commit.touchesTable()) {
      Duration pause = namespace.history().pace().pause();
      if (pause.isZero() || aboutToRepair.add(namespace.name().text())) {
        errands.add(namespace, Errand.repair(commit), pause);
      }
    }
    if (commit.elsewhere() && aboutToLook.add(namespace.name().text())) {
      errands.add(namespace, Errand.LOOK_AROUND, BETWEEN_LOOKS_AROUND);
    }
  }

  /** Work begins there: what is committed from now on needs another errand. */
  void begins(String namespace, Errand errand) {
    aboutToRepair.remove(namespace);
    if (errand.foreign()) {
      aboutToLook.remove(namespace);
    }
  }

  /** Nothing is to be done there any more. */
  void vanished(String namespace) {
    aboutToRepair.remove(namespace);
    aboutToLook.remove(namespace);
  }

  @Override
  public void lost() {
    errands.lookAtAll();
  }
}
