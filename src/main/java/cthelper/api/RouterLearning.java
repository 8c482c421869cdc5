package cthelper.api;

import cthelper.model.RouterId;
import cthelper.networking.RemoteRouter;
import cthelper.store.RouterOrigin;
import cthelper.store.RouterOwners;
import cthelper.store.RouterOwners.Loss;
import cthelper.store.RouterOwners.Owned;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What the Networking service said becomes what the registry says, and one line in the log. */
@ApplicationScoped
class RouterLearning {

  private static final Logger LOG = Logger.getLogger(RouterLearning.class);

  private final RouterOwners owners;

  RouterLearning(RouterOwners owners) {
    this.owners = owners;
  }

  /**
   * It has this router.
   *
   * @param stored what the registry says: nothing is written where that is the same
   */
  void has(RemoteRouter found, Optional<Owned> stored) {
    Owned told = new Owned(RouterOrigin.NETWORKING, found.projectId(), found.name());
    if (!stored.equals(Optional.of(told))
        && owners.learn(found.id(), found.projectId(), found.name())) {
      AcceptedWrites.routerLearned(found);
    }
  }

  /** It has no router of this id, which the registry has. */
  void hasNot(RouterId router) {
    owners.lost(router).ifPresent(loss -> tell(router, loss));
  }

  private static void tell(RouterId router, Loss loss) {
    switch (loss) {
      case FORGOTTEN ->
          LOG.infof("the Networking service has no such router, forgotten: router=%s", router);
      case KEPT ->
          LOG.warnf(
              "the Networking service has no such router (any more), or hides it from this"
                  + " service's user: its conntrack helpers stay, for administrators only: router=%s",
              router);
    }
  }
}
