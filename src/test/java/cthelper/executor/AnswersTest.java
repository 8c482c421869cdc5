package cthelper.executor;

import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.placement;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Gone;
import cthelper.model.Placement;
import cthelper.testing.CapturedLog;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of answers while the reconciler's database is away. */
class AnswersTest {

  private static final Placement HERE = placement(ROUTER);

  private final Answers answers = new Answers();
  private final CountDownLatch asked = new CountDownLatch(2);
  private final CountDownLatch timeout = new CountDownLatch(1);
  private volatile boolean refusing = true;

  /** Its database refuses first, is silent then. */
  private final class Away extends RecordedReports {
    @Override
    public void observed(Placement placement, ObservedState state) {
      asked.countDown();
      if (refusing) {
        throw new IllegalStateException("database away");
      }
      try {
        timeout.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  @Timeout(10)
  void aSilentDatabaseKeepsOneThreadWaiting() throws InterruptedException {
    answers.tell(new Away());
    try (CapturedLog log = CapturedLog.of(Answers.class)) {
      assertThat(answers.observed(HERE, new Gone())).isFalse();
      refusing = false;
      Thread waiting = Thread.ofPlatform().start(() -> answers.observed(HERE, new Gone()));
      asked.await();
      assertThat(answers.observed(HERE, new Gone())).as("at once").isFalse();
      timeout.countDown();
      waiting.join();
      assertThat(answers.observed(HERE, new Gone())).isTrue();
      assertThat(log.lines()).hasSize(2).last().asString().contains("taken again");
    }
  }
}
