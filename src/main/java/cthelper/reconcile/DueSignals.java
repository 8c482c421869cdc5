package cthelper.reconcile;

import cthelper.model.RouterId;
import cthelper.store.MaybeDue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where something may have become due since the one who waits here looked last. What is signalled
 * while he looks he gets the next time; of many routers only that there are. When there were many
 * changes, a router that is still being changed may be kept for the next time, once. Thread-safe;
 * nobody who signals is kept waiting.
 */
final class DueSignals {

  private final LongSupplier nanoTime;
  private final Duration settled;
  private final int many;
  private final Map<RouterId, Long> routers = new HashMap<>(); // when each was changed last
  private Set<RouterId> kept = Set.of();
  private int changes;
  private int changesTaken;
  private boolean anywhere;
  private boolean isTimed;
  private long time;

  /** Keeps nothing. */
  DueSignals() {
    this(System::nanoTime, Duration.ZERO, Integer.MAX_VALUE);
  }

  /**
   * @param settled a router that was changed within this time will be changed again, it seems
   * @param many with how many changes since the last time such a router is kept for the next
   */
  DueSignals(LongSupplier nanoTime, Duration settled, int many) {
    this.nanoTime = nanoTime;
    this.settled = settled;
    this.many = many;
  }

  /** In placements of this router. */
  synchronized void in(RouterId router) {
    changes++;
    if (!anywhere && routers.put(router, nanoTime.getAsLong()) == null) {
      anywhere = routers.size() > MaybeDue.MOST;
      notifyAll();
    }
  }

  synchronized void in(MaybeDue due) {
    if (due.any()) {
      anywhere();
    } else {
      due.routers().forEach(this::in);
    }
  }

  /** In any placement. */
  synchronized void anywhere() {
    anywhere = true;
    notifyAll();
  }

  /** In any placement, when this time has passed; an earlier such time stays. */
  synchronized void anywhereAfter(Duration pause) {
    long wanted = nanoTime.getAsLong() + pause.toNanos();
    if (!isTimed || wanted - time < 0) {
      isTimed = true;
      time = wanted;
      notifyAll();
    }
  }

  /** Waits until there is a signal, then takes what {@link #take} does. For one thread. */
  synchronized MaybeDue await() throws InterruptedException {
    while (!anywhere && routers.isEmpty()) {
      if (!isTimed) {
        wait();
      } else if (nanosLeft() > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, nanosLeft());
      } else {
        anywhere = true;
      }
    }
    return take();
  }

  /** All signals there are but for routers that are kept, maybe none; without waiting for any. */
  synchronized MaybeDue take() {
    boolean any = anywhere || (isTimed && nanosLeft() <= 0);
    kept = any || changes < many ? Set.of() : unsettled();
    Set<RouterId> now = new HashSet<>(routers.keySet());
    now.removeAll(kept);
    routers.keySet().retainAll(kept);
    anywhere = false;
    isTimed &= !any;
    changesTaken = changes;
    changes = 0;
    return any ? MaybeDue.ANYWHERE : MaybeDue.in(now);
  }

  /** Routers that were changed just now, but for those that have been kept already. */
  private Set<RouterId> unsettled() {
    long now = nanoTime.getAsLong();
    Set<RouterId> some = new HashSet<>(routers.keySet());
    some.removeIf(router -> kept.contains(router) || now - changed(router) >= settled.toNanos());
    return some;
  }

  private long changed(RouterId router) {
    return Objects.requireNonNull(routers.get(router));
  }

  /** How many changes of routers the signals were of that were taken last. */
  synchronized int changesTaken() {
    return changesTaken;
  }

  private long nanosLeft() {
    return time - nanoTime.getAsLong();
  }
}
