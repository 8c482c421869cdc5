package cthelper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.model.RouterId;
import cthelper.store.MaybeDue;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals are taken once, all of them, and none is lost. */
@Timeout(20)
class DueSignalsTest {

  private static final MaybeDue NOWHERE = MaybeDue.in(Set.of());
  private static final Duration SETTLED = Duration.ofMillis(50);
  private static final int MANY = MaybeDue.MOST + 5;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000); // it may wrap around
  private final DueSignals signals = new DueSignals(nanos::get, SETTLED, MANY);
  private final RouterId router = RouterId.random();
  private final RouterId other = RouterId.random();

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void routersAreTakenOnce() throws InterruptedException {
    signals.in(router);
    signals.in(router);
    signals.in(MaybeDue.in(Set.of(other)));

    assertThat(signals.await()).isEqualTo(MaybeDue.in(Set.of(router, other)));
    assertThat(signals.take()).isEqualTo(NOWHERE);
  }

  @Test
  void everyChangeOfARouterCounts() throws InterruptedException {
    signals.in(router);
    signals.in(router);
    signals.in(MaybeDue.in(Set.of(router, other)));
    signals.await();
    assertThat(signals.changesTaken()).isEqualTo(4);

    signals.anywhere();
    signals.await();
    assertThat(signals.changesTaken()).isZero();
  }

  @Test
  void ofManyRoutersOnlyTheirNumberCounts() throws InterruptedException {
    for (int i = 0; i < MaybeDue.MOST; i++) {
      signals.in(RouterId.random());
    }
    assertThat(signals.await().routers()).hasSize(MaybeDue.MOST);
    for (int i = 0; i <= MaybeDue.MOST; i++) {
      signals.in(RouterId.random());
    }
    assertThat(signals.await()).isEqualTo(MaybeDue.ANYWHERE);
    assertThat(signals.take()).isEqualTo(NOWHERE);
  }

  private void change(RouterId changed, int times) {
    for (int i = 0; i < times; i++) {
      signals.in(changed);
    }
  }

  @Test
  void ofManyChangesARouterThatIsStillBeingChangedIsKeptOnce() throws InterruptedException {
    change(other, MANY - 1);
    pass(SETTLED);
    change(router, 1);
    assertThat(signals.await()).isEqualTo(MaybeDue.in(Set.of(other)));

    change(router, MANY);
    assertThat(signals.await()).isEqualTo(MaybeDue.in(Set.of(router)));
    assertThat(signals.take()).isEqualTo(NOWHERE);
  }

  @Test
  void whatWasKeptIsTakenThoughNothingElseIsSignalled() throws InterruptedException {
    change(router, MANY);
    assertThat(signals.await()).isEqualTo(NOWHERE);
    assertThat(signals.await()).isEqualTo(MaybeDue.in(Set.of(router)));

    change(router, MANY); // it may be kept again now
    assertThat(signals.take()).isEqualTo(NOWHERE);
  }

  @Test
  void ofFewChangesNothingIsKept() throws InterruptedException {
    change(router, MANY - 1);
    assertThat(signals.await()).isEqualTo(MaybeDue.in(Set.of(router)));
  }

  @Test
  void anywhereKeepsNothing() throws InterruptedException {
    change(router, MANY);
    signals.anywhere();
    assertThat(signals.await()).isEqualTo(MaybeDue.ANYWHERE);
    assertThat(signals.take()).isEqualTo(NOWHERE);
  }

  @Test
  void anywhereContainsAllRouters() throws InterruptedException {
    signals.in(router);
    signals.in(MaybeDue.ANYWHERE);
    signals.in(other);

    assertThat(signals.await()).isEqualTo(MaybeDue.ANYWHERE);
    assertThat(signals.take()).isEqualTo(NOWHERE);
  }

  @Test
  void aTimeComesOnce() throws InterruptedException {
    signals.anywhereAfter(Duration.ofSeconds(5));
    assertThat(signals.take()).isEqualTo(NOWHERE);

    pass(Duration.ofSeconds(5));
    assertThat(signals.await()).isEqualTo(MaybeDue.ANYWHERE);
    assertThat(signals.take()).isEqualTo(NOWHERE);
  }

  @Test
  void theEarliestTimeCounts() {
    signals.anywhereAfter(Duration.ofSeconds(5));
    signals.anywhereAfter(Duration.ofSeconds(1));
    signals.anywhereAfter(Duration.ofSeconds(9));

    pass(Duration.ofSeconds(1));
    assertThat(signals.take()).isEqualTo(MaybeDue.ANYWHERE);
  }

  @Test
  void routersDoNotUseUpTheTime() throws InterruptedException {
    signals.anywhereAfter(Duration.ofSeconds(5));
    signals.in(router);
    assertThat(signals.await()).isEqualTo(MaybeDue.in(Set.of(router)));

    pass(Duration.ofSeconds(5));
    assertThat(signals.await()).isEqualTo(MaybeDue.ANYWHERE);
  }

  @Test
  void whoWaitsIsWokenByEachKind() {
    DueSignals real = new DueSignals();
    assertThat(woken(real, () -> real.in(router))).isEqualTo(MaybeDue.in(Set.of(router)));
    assertThat(woken(real, real::anywhere)).isEqualTo(MaybeDue.ANYWHERE);
    assertThat(woken(real, () -> real.anywhereAfter(Duration.ofMillis(5))))
        .isEqualTo(MaybeDue.ANYWHERE);
  }

  private static MaybeDue woken(DueSignals signals, Runnable signal) {
    CompletableFuture<Thread> waiting = new CompletableFuture<>();
    CompletableFuture<MaybeDue> taken =
        CompletableFuture.supplyAsync(() -> {
          waiting.complete(Thread.currentThread());
          try {
            return signals.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Thread thread = waiting.join();
    await()
        .until(() ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING);
    signal.run();
    return taken.join();
  }
}
