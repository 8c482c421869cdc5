package cthelper.executor;

import cthelper.model.DriftRepairs;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.node.NodeReports;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this node tells the reconciler about placements. While nobody is connected, or its database
 * is away, nothing is taken, which costs delay only. A silent database keeps one thread waiting,
 * not every one that has something to tell: they have namespaces to keep true. Thread-safe.
 */
final class Answers {

  private static final Logger LOG = Logger.getLogger(Answers.class);

  private final Lock trying = new ReentrantLock();
  private volatile @Nullable NodeReports reports;
  private volatile boolean inTrouble;

  /** Whom to tell from now on; null for nobody. */
  void tell(@Nullable NodeReports reconciler) {
    reports = reconciler;
  }

  boolean areHeard() {
    return reports != null;
  }

  /** Whether it was taken. */
  boolean observed(Placement placement, ObservedState outcome) {
    return report(placement, "outcome", to -> to.observed(placement, outcome));
  }

  /** Whether it was taken. */
  boolean drifted(Placement placement, DriftRepairs drift) {
    return report(placement, "drift", to -> to.drifted(placement, drift));
  }

  /** Whether it was taken. */
  boolean unclaimed(Placement placement) {
    return report(placement, "unclaimed table", to -> to.unclaimed(placement));
  }

  private boolean report(Placement placement, String what, Consumer<NodeReports> report) {
    NodeReports reconciler = reports;
    if (reconciler == null) {
      return false;
    }
    if (!inTrouble) {
      return tryToReport(reconciler, placement, what, report);
    }
    if (!trying.tryLock()) {
      return false;
    }
    try {
      return tryToReport(reconciler, placement, what, report);
    } finally {
      trying.unlock();
    }
  }

  private boolean tryToReport(
      NodeReports reconciler, Placement placement, String what, Consumer<NodeReports> report) {
    try {
      report.accept(reconciler);
      if (inTrouble) {
        inTrouble = false;
        LOG.info("answers are taken again");
      }
      return true;
    } catch (RuntimeException e) {
      LOG.logf(
          inTrouble ? Logger.Level.DEBUG : Logger.Level.WARN,
          "%s not taken router=%s namespace=%s: %s; it will be told again",
          what,
          placement.router(),
          placement.namespace(),
          Quoted.of(e));
      inTrouble = true;
      return false;
    }
  }
}
