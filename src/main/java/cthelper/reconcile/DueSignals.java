package cthelper.reconcile;

import cthelper.model.RouterId;
import cthelper.store.MaybeDue;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where something may have become due since the one who waits here looked last. What is signalled
 * while he looks he gets the next time; of many routers only that there are. Thread-safe; nobody
 * who signals is kept waiting.
 */
final class DueSignals {

  private final LongSupplier nanoTime;
  private final Set<RouterId> routers = new HashSet<>();
  private int changes;
  private int changesTaken;
  private boolean anywhere;
  private boolean isTimed;
  private long time;

  DueSignals() {
    this(System::nanoTime);
  }

  DueSignals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** In placements of this router. */
  synchronized void in(RouterId router) {
    changes++;
    if (!anywhere && routers.add(router)) {
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

  /** Waits until there is a signal, and takes all there are. For one thread. */
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

  /** All signals there are, without waiting for any. */
  synchronized MaybeDue take() {
    boolean any = anywhere || (isTimed && nanosLeft() <= 0);
    MaybeDue taken = any ? MaybeDue.ANYWHERE : MaybeDue.in(routers);
    anywhere = false;
    isTimed &= !any;
    routers.clear();
    changesTaken = changes;
    changes = 0;
    return taken;
  }

  /** How many changes of routers the signals were of that were taken last. */
  synchronized int changesTaken() {
    return changesTaken;
  }

  private long nanosLeft() {
    return time - nanoTime.getAsLong();
  }
}
