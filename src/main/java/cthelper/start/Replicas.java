package cthelper.start;

import cthelper.config.CtHelperConfig;
import cthelper.config.Role;
import cthelper.reconcile.DueListener;
import cthelper.reconcile.DueTeller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Set;

/**
 * This process as one of several that share a database: what it tells them of, and hears from them.
 * An embedded database is shared with nobody.
 */
@ApplicationScoped
class Replicas {

  private final Set<Role> roles;
  private final Instance<DueTeller> teller;
  private final Instance<DueListener> listener;

  Replicas(CtHelperConfig config, Instance<DueTeller> teller, Instance<DueListener> listener) {
    this.roles = config.roles();
    this.teller = teller;
    this.listener = listener;
  }

  void start() {
    if (!areThere()) {
      return;
    }
    teller.get().start();
    if (roles.contains(Role.RECONCILER)) {
      listener.get().start();
    }
  }

  void stop() throws InterruptedException {
    if (!areThere()) {
      return;
    }
    teller.get().stop();
    if (roles.contains(Role.RECONCILER)) {
      listener.get().stop();
    }
  }

  private boolean areThere() {
    return Role.needDatabase(roles) && System.getProperty(Welcome.DATABASE) == null;
  }
}
