package cthelper.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No more than so many at a time, and who waits is told that he is not forgotten. */
@Timeout(20)
class TurnsTest {

  private final Turns turns = new Turns(2, Duration.ofMillis(5));
  private final CountDownLatch end = new CountDownLatch(1);

  private static void nothing() {}

  @Test
  void whatTheWorkSaysIsSaid() {
    assertThat(turns.take(TurnsTest::nothing, () -> true)).isTrue();
    assertThat(turns.take(TurnsTest::nothing, () -> false)).isFalse();
  }

  @Test
  void whoWaitsForHisTurnHearsSomething() throws InterruptedException {
    takeAll();
    AtomicInteger heard = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();

    turns.take(
        () -> {
          assertThat(done).hasValue(0);
          if (heard.incrementAndGet() == 3) {
            end.countDown();
          }
        },
        () -> done.incrementAndGet() > 0);

    assertThat(heard).hasValueGreaterThanOrEqualTo(3);
    assertThat(done).hasValue(1);
  }

  /** Until {@link #end}. */
  private void takeAll() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      Thread.startVirtualThread(() -> turns.take(TurnsTest::nothing, () -> hold(begun)));
    }
    begun.await();
  }

  private boolean hold(CountDownLatch begun) {
    begun.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  @Test
  void aFailureGivesTheTurnBack() {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() ->
              turns.take(
                  TurnsTest::nothing,
                  () -> {
                    throw new IllegalStateException("the database is away");
                  }))
          .hasMessage("the database is away");
    }
    assertThat(turns.take(TurnsTest::nothing, () -> true)).isTrue();
  }

  @Test
  void whoIsInterruptedHasNoTurn() throws InterruptedException {
    takeAll();
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    Thread waiting =
        Thread.startVirtualThread(() -> taken.complete(turns.take(TurnsTest::nothing, () -> true)));

    waiting.interrupt();

    assertThat(taken.join()).isFalse();
    end.countDown();
  }
}
