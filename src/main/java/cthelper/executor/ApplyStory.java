package cthelper.executor;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.model.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Tells in the log what became of each desired state: INFO when something became different, WARN
 * once when something cannot be, DEBUG when all was right already. Thread-safe.
 */
final class ApplyStory {

  private static final Logger LOG = Logger.getLogger(ApplyStory.class);

  /** What was last complained about, by placement, so that a retry does not say it again. */
  private final Map<Placement, Set<String>> complaints = new ConcurrentHashMap<>();

  void tell(Placement placement, DesiredState desired, ObservedState outcome, Duration took) {
    switch (outcome) {
      case Held held -> {
        tellHeld(placement, desired, held, took);
        complain(placement, refusals(desired, held));
      }
      case Failed failed ->
          complain(
              placement,
              Set.of(
                  "not applied reason=%s detail=%s"
                      .formatted(failed.reason(), Quoted.of(failed.detail()))));
      case Superseded superseded ->
          LOG.infof(
              "refused older fence router=%s namespace=%s fence=%s held=%s",
              placement.router(), placement.namespace(), superseded.desired(), superseded.held());
      case Gone gone -> complaints.remove(placement);
    }
  }

  /** The placement is gone: whatever was complained about is over. */
  void gone(Placement placement) {
    complaints.remove(placement);
  }

  /**
   * Somebody changed our table and it is as it was.
   *
   * @param stubborn whether he does that all the time: then it is said once, not each time
   * @param newly whether that has just been found out
   */
  void repaired(
      Placement placement, Tampering drift, boolean stubborn, boolean newly, Duration took) {
    LOG.logf(
        stubborn && !newly ? Logger.Level.DEBUG : Logger.Level.WARN,
        "%s router=%s namespace=%s what=%s program=%s pid=%d durationMicros=%d",
        newly ? "drift repaired, again and again" : "drift repaired",
        placement.router(),
        placement.namespace(),
        Quoted.of(drift.what()),
        Quoted.of(drift.program()),
        drift.pid(),
        took.toNanos() / 1000);
  }

  private static void tellHeld(
      Placement placement, DesiredState desired, Held held, Duration took) {
    Logger.Level level = held.changed() ? Logger.Level.INFO : Logger.Level.DEBUG;
    long proven = held.verdicts().stream().filter(Verdict::proven).count();
    LOG.logf(
        level,
        "%s router=%s namespace=%s fence=%s proven=%d refused=%d changed=%s durationMicros=%d",
        desired.isEmpty() ? "forgot" : "applied",
        placement.router(),
        placement.namespace(),
        held.fence(),
        proven,
        held.verdicts().size() - proven,
        held.changed(),
        took.toNanos() / 1000);
  }

  private static Set<String> refusals(DesiredState desired, Held held) {
    return held.verdicts().stream()
        .filter(verdict -> !verdict.proven())
        .map(verdict -> refusal(desired, verdict))
        .collect(Collectors.toSet());
  }

  private static String refusal(DesiredState desired, Verdict verdict) {
    String what =
        desired.helpers().stream()
            .filter(helper -> helper.id().equals(verdict.helper()))
            .map(DesiredHelper::spec)
            .map(spec -> spec.type() + " port=" + spec.port())
            .findFirst()
            .orElse("?");
    return "helper refused helper=%s id=%s reason=%s detail=%s"
        .formatted(what, verdict.helper(), verdict.reason(), Quoted.of(verdict.detail()));
  }

  private void complain(Placement placement, Set<String> now) {
    Set<String> before =
        now.isEmpty() ? complaints.remove(placement) : complaints.put(placement, now);
    for (String complaint : now) {
      if (before == null || !before.contains(complaint)) {
        LOG.warnf(
            "%s router=%s namespace=%s", complaint, placement.router(), placement.namespace());
      }
    }
  }
}
