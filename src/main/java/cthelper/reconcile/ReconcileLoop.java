package cthelper.reconcile;

import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.reconcile.NodeConnections.Connection;
import cthelper.store.DueWork;
import cthelper.store.PlacementStore;
import cthelper.store.RouterChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes to make due placements agree with their routers.
 *
 * <p>Level-triggered: what is due is read from the database each time, so a lost wake-up costs at
 * most {@link #SAFETY_NET}, never correctness, and a placement may be reconciled again at any time.
 * One thread; it dies of nothing but {@link #stop}.
 */
@ApplicationScoped
public class ReconcileLoop {

  private static final Logger LOG = Logger.getLogger(ReconcileLoop.class);

  static final Duration SAFETY_NET = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final int BATCH = 500;

  /** A node is unreachable when nothing was heard of it for this long. */
  static final Duration LEASE = Duration.ofSeconds(30);

  private static final Duration HEARTBEAT = LEASE.dividedBy(3);

  private final PlacementStore placements;
  private final NodeConnections nodes;
  private final Asked asked;
  private final ReconcileMetrics metrics;

  private final Semaphore wake = new Semaphore(0);
  private volatile boolean stopping;
  private volatile @Nullable Thread thread;
  private final Metronome heartbeat = new Metronome(HEARTBEAT);
  private final Metronome census = new Metronome(SAFETY_NET);
  private boolean isWorking = true;
  private volatile Optional<String> trouble = Optional.of("starting");

  ReconcileLoop(
      PlacementStore placements, NodeConnections nodes, Asked asked, ReconcileMetrics metrics) {
    this.placements = placements;
    this.nodes = nodes;
    this.asked = asked;
    this.metrics = metrics;
  }

  /** Why nothing can be reconciled right now; empty when it can. */
  Optional<String> trouble() {
    Thread running = thread;
    boolean ended = running != null && !running.isAlive();
    return ended ? Optional.of("the reconcile thread has ended") : trouble;
  }

  /** Starts the thread. */
  public void start() {
    thread = Thread.ofPlatform().name("reconcile").start(this::run);
  }

  /** Ends the thread after the round it is in; returns when it has ended. */
  public void stop() throws InterruptedException {
    stopping = true;
    wake.release();
    Thread running = thread;
    if (running != null) {
      running.join();
    }
  }

  /** Something may be due now. Never blocks. */
  void wake() {
    wake.release();
  }

  void onRouterChanged(@Observes(during = TransactionPhase.AFTER_SUCCESS) RouterChanged change) {
    wake();
  }

  private void run() {
    while (!stopping) {
      Duration pause = SAFETY_NET;
      try {
        atIntervals();
        if (!isWorking) {
          // It may be another database than before, one that was restored or lost its last commits.
          nodes.all().forEach(this::heartbeat);
          placements.askAgain(nodes.ids());
        }
        pause = reconcileDue();
        told(null);
      } catch (RuntimeException trouble) {
        told(trouble);
        pause = AFTER_TROUBLE;
      }
      waitFor(pause);
    }
  }

  /** Asks for everything that is due; returns how long nothing more will be. */
  private Duration reconcileDue() {
    Set<NodeId> connected = nodes.ids();
    if (connected.isEmpty()) {
      return SAFETY_NET;
    }
    List<DueWork> due = placements.due(connected, BATCH);
    due.forEach(this::reconcile);
    if (wake.availablePermits() > 0) {
      return Duration.ZERO; // the next round will ask for its retries
    }
    return placements
        .untilNextRetry(connected)
        .filter(wait -> wait.compareTo(SAFETY_NET) < 0)
        .orElse(SAFETY_NET);
  }

  /** May always run again: the fence settles what is old. */
  private void reconcile(DueWork work) {
    Placement placement = work.placement();
    nodes
        .of(placement.node())
        .filter(node -> asked.begin(placement, work.desired().fence(), work.attempts()))
        .ifPresent(node -> node.desire(placement, work.desired()));
  }

  private void atIntervals() {
    if (heartbeat.beats()) {
      nodes.all().forEach(this::heartbeat);
    }
    if (census.beats()) {
      metrics.placements(placements.census());
    }
  }

  private void heartbeat(Connection connection) {
    if (!placements.heartbeat(connection.session(), connection.node().identity(), LEASE)) {
      nodes.dismiss(connection);
    }
  }

  private void waitFor(Duration pause) {
    try {
      // What is due but asked already would make the loop spin; its answer wakes us anyway.
      long millis = Math.max(SHORTEST_PAUSE.toMillis(), pause.toMillis());
      if (wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  /** Says once that the loop cannot work, and once that it can again. */
  private void told(@Nullable RuntimeException failure) {
    boolean wasWorking = isWorking;
    isWorking = failure == null;
    if (failure == null) {
      trouble = Optional.empty();
      if (!wasWorking) {
        LOG.info("reconciling goes on");
      }
      return;
    }
    trouble = Optional.of("what is due cannot be read: " + Quoted.of(failure));
    metrics.placements(null);
    if (wasWorking) {
      LOG.warnf("reconciling stopped, trying every second: %s", trouble.get());
      LOG.debug("reconciling stopped", failure);
    }
  }
}
