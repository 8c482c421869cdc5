package cthelper.executor;

import cthelper.executor.Revokes.Unrevoked;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The work on one placement, always the same whatever the {@link Errand}: make its namespace hold
 * the newest desired state, take what was removed off live connections, see whether others come
 * first, tell what is news, and come back if anything is left to do.
 *
 * <p>Called by {@link Lanes}: by any thread, but by one at a time for one placement.
 */
final class PlacementWork {

  /** When to come back for what was not taken, or was held back. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Reasons that pass by themselves: nobody is told before the third failure in a row. */
  private static final int PASSING_FAILURES = 3;

  /** What a placement's work needs of its surroundings. */
  interface Surroundings {

    /** The open namespace of a placement. */
    Optional<RouterNamespace> find(Placement placement);

    /** The namespace is not there, after all that was noticed so far. */
    void gone(Placement placement, DesiredState asked);

    /** Come back to this placement after the delay. */
    void again(Placement placement, Errand errand, Duration delay);
  }

  private final Surroundings surroundings;
  private final KeptStates kept;
  private final NodeTables tables;
  private final Revokes revokes;
  private final Overrides overrides;
  private final Leftovers leftovers;
  private final Answers answers;
  private final ExecutorMetrics metrics;
  private final Clock clock;
  private final ApplyStory story = new ApplyStory();

  PlacementWork(
      Surroundings surroundings,
      KeptStates kept,
      NodeTables tables,
      Revokes revokes,
      Overrides overrides,
      Leftovers leftovers,
      Answers answers,
      ExecutorMetrics metrics,
      Clock clock) {
    this.surroundings = surroundings;
    this.kept = kept;
    this.tables = tables;
    this.revokes = revokes;
    this.overrides = overrides;
    this.leftovers = leftovers;
    this.answers = answers;
    this.metrics = metrics;
    this.clock = clock;
  }

  void run(Placement placement, Errand errand) {
    Set<HelperSpec> dropped =
        errand.asked().map(state -> kept.desired(placement, state)).orElse(Set.of());
    Optional<RouterNamespace> found = surroundings.find(placement);
    if (found.isEmpty()) {
      kept.vanished(placement.namespace()); // maybe before it was desired
    }
    if (found.isEmpty() || !workIn(found.get(), placement, errand, dropped)) {
      errand.asked().ifPresent(asked -> surroundings.gone(placement, asked));
    }
  }

  /** Whether it was there to the end; of one that was closed meanwhile nothing is told. */
  private boolean workIn(
      RouterNamespace namespace, Placement placement, Errand errand, Set<HelperSpec> dropped) {
    Optional<DesiredState> state =
        kept.of(placement).filter(known -> !isAnotherAsked(errand, known)).or(errand::asked);
    try {
      state.ifPresentOrElse(
          desired -> hold(namespace, placement, desired, errand, dropped),
          () -> settle(namespace, placement, List.of()));
      if (errand.foreign() && !kept.isConfirmed(placement)) {
        leftovers.look(namespace, placement, state);
      }
    } catch (IllegalStateException e) {
      if (namespace.isOpen()) {
        throw e;
      }
    }
    return namespace.isOpen();
  }

  private static boolean isAnotherAsked(Errand errand, DesiredState known) {
    return errand.asked().isPresent() && !isOld(errand, known);
  }

  /** Whether what is asked was overtaken: the kernel cannot tell when the table is gone. */
  private static boolean isOld(Errand errand, DesiredState known) {
    return errand
        .asked()
        .filter(asked -> known.fence().isOfSameInstallation(asked.fence()))
        .filter(asked -> known.fence().isNewerThan(asked.fence()))
        .isPresent();
  }

  /** There is no such namespace (any more). */
  void answerGone(Placement placement) {
    story.gone(placement);
    answers.observed(placement, new Gone());
  }

  private void hold(
      RouterNamespace namespace,
      Placement placement,
      DesiredState desired,
      Errand errand,
      Set<HelperSpec> dropped) {
    Instant begin = clock.instant();
    ObservedState outcome = tables.apply(namespace, desired, dropped);
    if (!namespace.isOpen()) {
      return; // whatever failed, failed of that
    }
    Duration took = Duration.between(begin, clock.instant());
    metrics.applied(outcome, took);
    ObservedState told =
        switch (outcome) {
          case Held held -> held(namespace, placement, desired, held, errand, took);
          case Failed failed -> failed(namespace, placement, failed, errand);
          case Superseded _, Gone _ -> outcome;
        };
    ObservedState answer =
        isOld(errand, desired)
            ? new Superseded(errand.asked().orElseThrow().fence(), desired.fence())
            : told;
    story.tell(placement, desired, answer, took);
    namespace.ifOpen(() -> tell(namespace, placement, answer, errand));
  }

  private ObservedState held(
      RouterNamespace namespace,
      Placement placement,
      DesiredState desired,
      Held held,
      Errand errand,
      Duration took) {
    NamespaceHistory history = namespace.history();
    boolean restored = history.holds(held);
    if (restored) {
      repaired(
          history, placement, errand.drift().map(Tampering::by).orElse(Tampering.UNSEEN), took);
    }
    report(history, placement);
    Optional<Unrevoked> unrevoked = settle(namespace, placement, assigned(desired, held));
    if (unrevoked.isPresent()) {
      return new Failed(held.fence(), unrevoked.get().reason(), unrevoked.get().detail());
    }
    history.succeeded();
    kept.held(placement, desired);
    if (isFirstSight(namespace, errand)) {
      surroundings.again(placement, Errand.LOOK_AROUND, Duration.ZERO);
      return held;
    }
    Held judged = overrides.judge(namespace, desired, held, errand.foreign());
    Held shown = restored ? new Held(judged.fence(), judged.verdicts(), false) : judged;
    return history
        .pace()
        .stubborn()
        .map(who -> contended(history, placement, shown, who))
        .orElse(shown);
  }

  /** What was left out is not in the table, however much it is desired. */
  private static List<HelperSpec> assigned(DesiredState desired, Held held) {
    Set<UUID> proven =
        held.verdicts().stream()
            .filter(Verdict::proven)
            .map(Verdict::helper)
            .collect(Collectors.toSet());
    return desired.helpers().stream()
        .filter(helper -> proven.contains(helper.id()))
        .map(DesiredHelper::spec)
        .toList();
  }

  /**
   * Nobody waits for an answer, and who comes before us was never read: that comes when all other
   * namespaces hold their tables, and so does telling.
   */
  private static boolean isFirstSight(RouterNamespace namespace, Errand errand) {
    return errand.asked().isEmpty() && !errand.foreign() && namespace.history().others().isEmpty();
  }

  private Optional<Unrevoked> settle(
      RouterNamespace namespace, Placement placement, Collection<HelperSpec> assigned) {
    Optional<Unrevoked> unrevoked = revokes.settle(namespace, placement, assigned);
    if (unrevoked.isPresent()) {
      surroundings.again(placement, Errand.LOOK, namespace.history().failed());
    }
    return unrevoked;
  }

  /** Whoever keeps undoing our work is named, until he has been quiet for a while. */
  private Held contended(NamespaceHistory history, Placement placement, Held held, Tampering who) {
    surroundings.again(placement, Errand.LOOK, history.pace().untilQuiet().plus(SOON));
    String detail =
        "%s by %s, again and again; it is put right each time".formatted(who.what(), who.culprit());
    return held.refusedAs(Reason.CONTENDED, detail);
  }

  private void repaired(
      NamespaceHistory history, Placement placement, Tampering drift, Duration took) {
    boolean newlyStubborn = history.pace().repaired(drift);
    metrics.repaired(drift);
    story.repaired(placement, drift, history.pace().stubborn().isPresent(), newlyStubborn, took);
    history.repaired(drift);
  }

  /** A writer that never tires is told of once a second. */
  private void report(NamespaceHistory history, Placement placement) {
    history
        .unreported()
        .ifPresent(drift -> {
          if (history.mayReport() && answers.drifted(placement, drift)) {
            history.reported();
          } else {
            surroundings.again(placement, Errand.LOOK, SOON);
          }
        });
  }

  /**
   * What the kernel held before a failed attempt it usually still holds. But when it was found not
   * to hold what it held at this very fence, nothing of that is proven any more.
   */
  private ObservedState failed(
      RouterNamespace namespace, Placement placement, Failed failed, Errand errand) {
    NamespaceHistory history = namespace.history();
    surroundings.again(placement, Errand.LOOK, history.failed());
    boolean passing = failed.reason().passes() && history.failures() < PASSING_FAILURES;
    return history
        .lost(failed)
        .filter(lost -> !passing || errand.asked().isPresent())
        .<ObservedState>map(lost -> lost)
        .orElse(failed);
  }

  private void tell(
      RouterNamespace namespace, Placement placement, ObservedState outcome, Errand errand) {
    NamespaceHistory history = namespace.history();
    Optional<Held> held = outcome instanceof Held it ? Optional.of(it) : Optional.empty();
    boolean isNews = held.filter(history::isNews).isPresent();
    if (errand.asked().isEmpty() && (!isNews || isFirstSight(namespace, errand))) {
      return;
    }
    if (answers.observed(placement, outcome)) {
      history.told(held.orElse(null));
    } else if (answers.areHeard()) {
      surroundings.again(placement, Errand.LOOK, SOON);
    }
  }
}
