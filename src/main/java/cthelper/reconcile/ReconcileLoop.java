package cthelper.reconcile;

import static java.util.stream.Collectors.toMap;

import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.model.RouterId;
import cthelper.node.NodeExecutor;
import cthelper.reconcile.NodeConnections.Connection;
import cthelper.store.DueWork;
import cthelper.store.MaybeDue;
import cthelper.store.NodeSession;
import cthelper.store.PlacementStore;
import cthelper.store.RouterChanged;
import cthelper.store.WriteInDoubt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes to make due placements agree with their routers.
 *
 * <p>Level-triggered: what is due is read from the database each time, so a lost signal costs at
 * most {@link #SAFETY_NET}, never correctness, and a placement may be reconciled again at any time.
 * A change is looked for in its own router's placements; all of them are looked through when a node
 * comes, when a retry's time has come, and by the safety net. One thread; it dies of nothing but
 * {@link #stop}.
 */
@ApplicationScoped
public class ReconcileLoop {

  private static final Logger LOG = Logger.getLogger(ReconcileLoop.class);

  static final Duration SAFETY_NET = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

  /**
   * What changes within this time of the last look is looked for together: so much for each change
   * that the last look was for. Beyond 300 changes a second the pauses grow to the longest, in
   * which several changes of one router become one; with fewer they shrink again.
   */
  private static final Duration TOGETHER = Duration.ofMillis(3);

  private static final Duration SHORTEST_TOGETHER = Duration.ofMillis(2);
  private static final Duration LONGEST_TOGETHER = Duration.ofMillis(250);

  /**
   * With as many changes as the longest pause is for, a router that was changed within this time is
   * looked at the next time: who makes several changes of it is probably not done.
   */
  private static final Duration SETTLED = Duration.ofMillis(50);

  private static final int MANY_CHANGES = (int) LONGEST_TOGETHER.dividedBy(TOGETHER);

  /** How many placements are read at once, with all helpers of their routers. */
  private static final int BATCH = 400;

  /** How many answers may be waited for while more is asked of old work; new changes never wait. */
  private static final int OPEN = 200;

  /** A node is unreachable when nothing was heard of it for this long. */
  static final Duration LEASE = Duration.ofSeconds(30);

  private static final Duration HEARTBEAT = LEASE.dividedBy(3);

  private final PlacementStore placements;
  private final NodeConnections nodes;
  private final Asked asked;
  private final ReconcileMetrics metrics;

  private final DueSignals signals = new DueSignals(System::nanoTime, SETTLED, MANY_CHANGES);
  private volatile boolean isMoreDue;
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
    signals.anywhere();
    Thread running = thread;
    if (running != null) {
      running.join();
    }
  }

  /** Where something may be due now, or will be soon. */
  DueSignals signals() {
    return signals;
  }

  /** A question was answered: there may be room for the next ones. Never blocks. */
  void answered() {
    if (isMoreDue && asked.waitedFor() <= OPEN / 2) {
      isMoreDue = false;
      signals.anywhere();
    }
  }

  void onRouterChanged(@Observes(during = TransactionPhase.AFTER_SUCCESS) RouterChanged change) {
    signals.in(change.router());
  }

  void onWriteInDoubt(@Observes WriteInDoubt doubt) {
    signals.anywhereAfter(AFTER_TROUBLE);
  }

  private void run() {
    signals.anywhere();
    try {
      while (!stopping) {
        round(signals.await());
        LockSupport.parkNanos(together(signals.changesTaken()).toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration together(int changes) {
    return Duration.ofNanos(
        Math.clamp(
            TOGETHER.multipliedBy(changes).toNanos(),
            SHORTEST_TOGETHER.toNanos(),
            LONGEST_TOGETHER.toNanos()));
  }

  private void round(MaybeDue where) {
    try {
      atIntervals();
      if (!isWorking) {
        // It may be another database than before, one that was restored or lost its last commits.
        heartbeats();
        placements.askAgain(nodes.ids());
      }
      if (where.any() || !isWorking) {
        lookAnywhere(nodes.ids());
      } else {
        lookIn(where.routers());
      }
      told(null);
    } catch (RuntimeException trouble) {
      told(trouble);
      signals.anywhereAfter(AFTER_TROUBLE);
    }
  }

  private void lookIn(Set<RouterId> routers) {
    if (!routers.isEmpty() && !nodes.ids().isEmpty()) {
      List<DueWork> due = placements.due(routers, BATCH);
      due.forEach(this::reconcile);
      if (due.size() == BATCH) {
        signals.anywhere(); // there are more
      }
    }
  }

  /** Asks for what is due, as long as not too many answers are waited for already. */
  private void lookAnywhere(Set<NodeId> connected) {
    Duration pause = SAFETY_NET;
    if (!connected.isEmpty()) {
      List<DueWork> due = placements.due(connected, BATCH);
      int room = OPEN - asked.waitedFor();
      int next = 0;
      while (next < due.size() && room > 0) {
        room -= reconcile(due.get(next)) ? 1 : 0;
        next++;
      }
      isMoreDue = next < due.size() || next == BATCH;
      answered(); // maybe all of it was, before this was known
      pause = placements.untilNextRetry(connected).orElse(pause);
    }
    signals.anywhereAfter(
        Duration.ofMillis(
            Math.clamp(pause.toMillis(), SHORTEST_PAUSE.toMillis(), SAFETY_NET.toMillis())));
  }

  /** May always run again: the fence settles what is old. Whether the node is asked now. */
  private boolean reconcile(DueWork work) {
    Placement placement = work.placement();
    Optional<NodeExecutor> node =
        nodes
            .of(placement.node())
            .filter(_ -> asked.begin(placement, work.desired().fence(), work.attempts()));
    node.ifPresent(one -> one.desire(placement, work.desired()));
    return node.isPresent();
  }

  private void atIntervals() {
    if (heartbeat.beats()) {
      heartbeats();
    }
    if (census.beats()) {
      metrics.placements(placements.census());
    }
  }

  private void heartbeats() {
    Map<NodeSession, Connection> open =
        nodes.all().stream().collect(toMap(Connection::session, Function.identity()));
    Map<NodeSession, NodeIdentity> alive = new HashMap<>();
    open.forEach((session, connection) -> alive.put(session, connection.node().identity()));
    Set<NodeSession> newest = placements.heartbeat(alive, LEASE);
    open.forEach((session, connection) -> {
      if (!newest.contains(session)) {
        nodes.dismiss(connection);
      }
    });
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
