package cthelper.netfilter;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it is told, for a test that waits for it. */
final class HeardEvents implements RulesetEvents.Listener {

  private static final long SECONDS = 10;

  private final LinkedBlockingQueue<RulesetCommit> commits = new LinkedBlockingQueue<>();
  private final Semaphore losses = new Semaphore(0);

  @Override
  public void committed(RulesetCommit commit) {
    commits.add(commit);
  }

  @Override
  public void lost() {
    losses.release();
  }

  /** The next commit, which must come soon. */
  RulesetCommit next() throws InterruptedException {
    RulesetCommit commit = commits.poll(SECONDS, TimeUnit.SECONDS);
    if (commit == null) {
      throw new AssertionError("no commit was told");
    }
    return commit;
  }

  /** Waits until it was told once more that something was lost. */
  void awaitLoss() throws InterruptedException {
    if (!losses.tryAcquire(SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("no loss was told");
    }
  }

  /** How many losses nobody waited for. */
  int losses() {
    return losses.availablePermits();
  }
}
