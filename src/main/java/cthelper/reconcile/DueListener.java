package cthelper.reconcile;

import cthelper.model.Quoted;
import cthelper.store.DueChannel;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Wakes the {@link ReconcileLoop} when another replica tells of a change. One thread with one
 * connection; while it has none, the loop looks at its own pace.
 */
@ApplicationScoped
public class DueListener {

  private static final Logger LOG = Logger.getLogger(DueListener.class);

  /** After which a connection that says nothing is asked whether it is still there. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

  private final DueChannel channel;
  private final ReconcileLoop loop;
  private volatile boolean stopping;
  private boolean isDeaf;

  DueListener(DueChannel channel, ReconcileLoop loop) {
    this.channel = channel;
    this.loop = loop;
  }

  /** Starts the thread. */
  public void start() {
    Thread.ofPlatform().daemon().name("hear-replicas").start(this::run);
  }

  /** The thread ends when it has heard what it waits for, or nothing. */
  public void stop() {
    stopping = true;
  }

  private void run() {
    while (!stopping) {
      try (DueChannel.Listening listening = channel.listen()) {
        hears();
        loop.signals().anywhere(); // what was told before was not heard
        while (!stopping) {
          loop.signals().in(listening.await(SILENCE));
        }
      } catch (RuntimeException trouble) {
        isDeafFor(trouble);
        pause();
      }
    }
  }

  private void hears() {
    if (isDeaf) {
      LOG.info("changes of other replicas are heard again");
    }
    isDeaf = false;
  }

  private void isDeafFor(RuntimeException trouble) {
    if (!isDeaf && !stopping) {
      LOG.warnf(
          "changes of other replicas are noticed within %s s, not at once: %s",
          ReconcileLoop.SAFETY_NET.toSeconds(), Quoted.of(trouble));
    }
    isDeaf = true;
  }

  private void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(AFTER_TROUBLE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }
}
