package cthelper.reconcile;

import cthelper.model.Quoted;
import cthelper.store.DueChannel;
import cthelper.store.MaybeDue;
import cthelper.store.RouterChanged;
import cthelper.store.WriteInDoubt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other replicas of what was changed here: once for all changes since the last time, and
 * not more often than every {@link #PAUSE}. One thread; changes never wait for it.
 */
@ApplicationScoped
public class DueTeller {

  private static final Logger LOG = Logger.getLogger(DueTeller.class);

  static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  private final DueChannel channel;
  private final DueSignals changes = new DueSignals();
  private volatile boolean stopping;
  private volatile @Nullable Thread thread;

  DueTeller(DueChannel channel) {
    this.channel = channel;
  }

  /** Starts the thread. */
  public void start() {
    thread = Thread.ofPlatform().daemon().name("tell-replicas").start(this::run);
  }

  /** Ends the thread, which tells of the last changes before. */
  public void stop() throws InterruptedException {
    stopping = true;
    changes.anywhere();
    Thread running = thread;
    if (running != null) {
      running.join(LONGEST_STOP);
    }
  }

  void onRouterChanged(@Observes(during = TransactionPhase.AFTER_SUCCESS) RouterChanged change) {
    changes.in(change.router());
  }

  void onWriteInDoubt(@Observes WriteInDoubt doubt) {
    changes.anywhereAfter(AFTER_TROUBLE);
  }

  private void run() {
    try {
      do {
        boolean told = told(changes.await());
        TimeUnit.NANOSECONDS.sleep((told ? PAUSE : AFTER_TROUBLE).toNanos());
      } while (!stopping);
      MaybeDue last = changes.take();
      if (last.any() || !last.routers().isEmpty()) {
        told(last);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What could not be told is told later; meanwhile the others look by themselves. */
  private boolean told(MaybeDue changed) {
    try {
      channel.tell(changed);
      return true;
    } catch (RuntimeException e) {
      LOG.debugf("other replicas were not told: %s", Quoted.of(e));
      changes.in(changed);
      return false;
    }
  }
}
