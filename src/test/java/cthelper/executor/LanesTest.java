package cthelper.executor;

import static cthelper.executor.Plan.OTHER_ROUTER;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.desired;
import static cthelper.executor.Plan.placement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.testing.CapturedLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One desired state at a time for each placement, the newest one last, and nothing in the way. */
@Timeout(20)
class LanesTest {

  private static final Placement HERE = placement(ROUTER);
  private static final Placement THERE = placement(OTHER_ROUTER);

  private final List<Long> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch firstIsRunning = new CountDownLatch(1);
  private final CountDownLatch firstMayEnd = new CountDownLatch(1);

  /** Number 1 takes until it is let go; all are noted at their end. */
  private void work(Placement placement, Errand errand) {
    long number = number(errand);
    if (number == 1) {
      firstIsRunning.countDown();
      pass(firstMayEnd);
    }
    done.add(number);
  }

  private static Errand ask(long number) {
    return Errand.desire(desired(number));
  }

  private static long number(Errand errand) {
    return errand.asked().orElseThrow().fence().number();
  }

  private static void pass(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody let it go");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private Lanes lanesWithARunningOne() {
    Lanes lanes = new Lanes(4, this::work);
    lanes.add(HERE, ask(1));
    pass(firstIsRunning);
    return lanes;
  }

  @Test
  void aPlacementWaitsForItsOwnWork() {
    try (Lanes lanes = lanesWithARunningOne()) {
      lanes.add(HERE, ask(2));
      lanes.add(THERE, ask(3));
      await().until(() -> done.contains(3L));
      assertThat(done).containsExactly(3L);
      firstMayEnd.countDown();
      await().until(() -> done.size() == 3);
      assertThat(done).containsExactly(3L, 1L, 2L);
    }
  }

  @Test
  void ofThoseThatWaitOnlyTheNewestIsDone() {
    try (Lanes lanes = lanesWithARunningOne()) {
      for (long number : new long[] {3, 5, 2, 4}) {
        lanes.add(HERE, ask(number));
      }
      firstMayEnd.countDown();
      await().until(() -> done.size() == 2);
      lanes.add(HERE, ask(6));
      await().until(() -> done.contains(6L));
      assertThat(done).containsExactly(1L, 5L, 6L);
    }
  }

  @Test
  void ofTwoInstallationsTheLastOneAskedForIsDone() {
    try (Lanes lanes = lanesWithARunningOne()) {
      Fence other = new Fence(Plan.OTHER_INSTALLATION, 1, 2);
      lanes.add(HERE, ask(9));
      lanes.add(HERE, Errand.desire(new DesiredState(ROUTER, other, List.of())));
      firstMayEnd.countDown();
      await().until(() -> done.size() == 2);
      assertThat(done).containsExactly(1L, 2L);
    }
  }

  @Test
  void differentPlacementsGoSideBySide() {
    CyclicBarrier bothAreHere = new CyclicBarrier(2);
    AtomicInteger met = new AtomicInteger();
    try (Lanes lanes =
        new Lanes(
            2,
            (placement, errand) -> {
              try {
                bothAreHere.await(10, TimeUnit.SECONDS);
                met.incrementAndGet();
              } catch (Exception e) {
                throw new IllegalStateException("the other one did not come", e);
              }
            })) {
      lanes.add(HERE, ask(1));
      lanes.add(THERE, ask(2));
      await().until(() -> met.get() == 2);
    }
  }

  @Test
  void neverTwoAtATimeForOnePlacementHoweverManyAsk() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Lanes lanes =
        new Lanes(
            4,
            (placement, errand) -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              done.add(number(errand));
              inside.decrementAndGet();
            })) {
      for (long number = 1; number <= 10_000; number++) {
        lanes.add(HERE, ask(number));
      }
      await().until(() -> done.contains(10_000L));
    }
    assertThat(most).hasValue(1);
    assertThat(done).isSorted().endsWith(10_000L);
  }

  @Test
  void workThatThrowsIsSaidAndJamsNothing() {
    try (CapturedLog log = CapturedLog.of(Lanes.class);
        Lanes lanes =
            new Lanes(
                1,
                (placement, errand) -> {
                  work(placement, errand);
                  if (number(errand) < 4) {
                    throw new IllegalStateException("on purpose");
                  }
                })) {
      firstMayEnd.countDown();
      lanes.add(HERE, ask(1));
      await().until(() -> done.contains(1L));
      lanes.add(HERE, ask(4));
      await().until(() -> done.contains(4L));
      assertThat(log.lines())
          .containsExactly("ERROR not done router=" + ROUTER + " namespace=" + HERE.namespace());
    }
  }

  @Test
  void whatIsUrgentGoesBeforeLooksThatWaitedLonger() {
    List<Placement> order = new CopyOnWriteArrayList<>();
    try (Lanes lanes =
        new Lanes(
            1,
            (placement, errand) -> {
              order.add(placement);
              firstIsRunning.countDown();
              pass(firstMayEnd);
            })) {
      List<Placement> looks =
          Stream.generate(RouterId::random).limit(5).map(Plan::placement).toList();
      lanes.add(placement(RouterId.random()), Errand.LOOK);
      pass(firstIsRunning);
      looks.forEach(look -> lanes.add(look, Errand.LOOK_AROUND));
      lanes.add(HERE, ask(1));
      lanes.add(looks.get(3), ask(2));
      firstMayEnd.countDown();
      await().until(() -> order.size() == 7);
      assertThat(order.subList(1, 7))
          .containsExactly(
              HERE, looks.get(3), looks.get(0), looks.get(1), looks.get(2), looks.get(4));
    }
  }

  @Test
  void closingWaitsForWhatRunsAndDropsWhatWaits() {
    Lanes lanes = lanesWithARunningOne();
    lanes.add(HERE, ask(2));
    Thread closing = Thread.ofPlatform().start(lanes::close);
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    firstMayEnd.countDown();
    await().until(() -> !closing.isAlive());
    lanes.add(HERE, ask(3));
    assertThat(done).containsExactly(1L);
  }
}
