package cthelper.executor;

import cthelper.model.DesiredState;
import cthelper.netfilter.RulesetCommit;
import java.util.Optional;

/**
 * Why a placement is to be worked on. Whatever the reason, the work is the same: make the kernel
 * hold the newest desired state, and prove it. Errands that wait for one placement become one.
 *
 * @param asked what the reconciler desires, which it wants to be answered
 * @param drift what changed our table meanwhile
 * @param foreign whether other tables may have changed, so that others may assign helpers first
 */
record Errand(Optional<DesiredState> asked, Optional<RulesetCommit> drift, boolean foreign) {

  /** Look whether all is as it should be. */
  static final Errand LOOK = new Errand(Optional.empty(), Optional.empty(), false);

  /** Look at everything, also at what others assign. */
  static final Errand LOOK_AROUND = new Errand(Optional.empty(), Optional.empty(), true);

  static Errand desire(DesiredState state) {
    return new Errand(Optional.of(state), Optional.empty(), false);
  }

  static Errand repair(RulesetCommit drift) {
    return new Errand(Optional.empty(), Optional.of(drift), false);
  }

  /** Whether somebody waits for it, or the kernel is known to be wrong. */
  boolean isUrgent() {
    return asked.isPresent() || drift.isPresent();
  }

  /** Both at once: the newer desired state, the later drift. */
  Errand and(Errand later) {
    return new Errand(
        asked.isPresent() && later.asked.isPresent()
            ? Optional.of(newer(asked.get(), later.asked.get()))
            : later.asked.or(() -> asked),
        later.drift.or(() -> drift),
        foreign || later.foreign);
  }

  private static DesiredState newer(DesiredState known, DesiredState added) {
    boolean comparable = known.fence().isOfSameInstallation(added.fence());
    return comparable && known.fence().isNewerThan(added.fence()) ? known : added;
  }
}
