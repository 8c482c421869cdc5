package cthelper.executor;

import cthelper.model.HelperSpec;
import cthelper.model.Placement;
import cthelper.model.Reason;
import cthelper.netfilter.HelperRevocation;
import cthelper.netfilter.Revocation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Takes helpers that are no longer assigned off live connections, and their expectations with them.
 * Two looks: at once, and a moment later for connections that were being made meanwhile. One thread
 * at a time for one namespace.
 */
final class Revokes {

  private static final Logger LOG = Logger.getLogger(Revokes.class);
  private static final Duration A_LITTLE_LATER = OwedRevokes.SECOND_LOOK.plusMillis(1);

  private final OwedRevokes owed;
  private final ExecutorMetrics metrics;
  private final Clock clock;
  private final Again again;

  /** Why something could not be revoked. */
  record Unrevoked(Reason reason, String detail) {}

  /** Comes back to a placement after a delay. */
  interface Again {
    void lookAfter(Placement placement, Duration delay);
  }

  Revokes(OwedRevokes owed, ExecutorMetrics metrics, Clock clock, Again again) {
    this.owed = owed;
    this.metrics = metrics;
    this.clock = clock;
    this.again = again;
  }

  /**
   * Revokes what is owed in this namespace.
   *
   * @param assigned what its table holds right now: connections may carry that
   * @return why connections may still carry a removed helper; empty when none does
   */
  Optional<Unrevoked> settle(
      RouterNamespace namespace, Placement placement, Collection<HelperSpec> assigned) {
    long cookie = namespace.socket().cookie();
    Set<HelperSpec> removed = new HashSet<>(owed.of(cookie));
    if (removed.isEmpty()) {
      return Optional.empty();
    }
    try {
      owed.assigned(cookie, assigned);
      removed.removeAll(Set.copyOf(assigned));
      return removed.isEmpty() ? Optional.empty() : revoke(namespace, placement, removed);
    } catch (IOException e) {
      return Optional.of(
          new Unrevoked(
              Reason.MACHINE_SHORT_OF_RESOURCES,
              "this node's files cannot be written: " + e.getMessage()));
    } catch (IllegalStateException e) {
      return Optional.empty(); // closed meanwhile, nobody is told
    }
  }

  private Optional<Unrevoked> revoke(
      RouterNamespace namespace, Placement placement, Set<HelperSpec> removed) throws IOException {
    Instant begin = clock.instant();
    return switch (HelperRevocation.revoke(namespace.socket(), removed)) {
      case Revocation.Done done -> {
        int connections = done.connections();
        Duration took = Duration.between(begin, clock.instant());
        metrics.revoked(connections, took);
        if (connections > 0) {
          LOG.infof(
              "revoked router=%s namespace=%s helpers=%s connections=%d durationMicros=%d",
              placement.router(),
              placement.namespace(),
              removed.stream().map(HelperSpec::toString).sorted().toList(),
              connections,
              took.toNanos() / 1000);
        }
        if (!owed.looked(namespace.socket().cookie(), removed, begin)) {
          again.lookAfter(placement, A_LITTLE_LATER);
        }
        yield Optional.empty();
      }
      case Revocation.Failed(var errno, String detail) ->
          Optional.of(
              new Unrevoked(
                  KernelReasons.of(errno),
                  "live connections may still carry a removed helper: " + detail));
    };
  }
}
