package cthelper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everybody gets what came of his own part, whoever did it and whatever became of the others. */
@Timeout(20)
class TogetherTest {

  private final List<List<String>> done = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Together<String, String> together = new Together<>(this::work, 3, 1, Duration.ZERO);

  private List<String> work(List<String> parts) {
    begun.countDown();
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    done.add(parts);
    if (parts.equals(List.of("error"))) {
      throw new AssertionError("error");
    }
    if (parts.contains("bad")) {
      throw new IllegalArgumentException("bad");
    }
    if (parts.contains("away")) {
      throw new PersistenceException(new SQLException("away", "08006"));
    }
    return parts.stream().map(part -> part + "!").toList();
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void whoComesAloneIsAlone() {
    goOn.countDown();

    assertThat(together.apply("a")).isEqualTo("a!");
    assertThat(together.apply("b")).isEqualTo("b!");
    assertThat(done).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void whoComesMeanwhileIsDoneTogetherAndNotTooManyAtOnce() throws Exception {
    List<Future<String>> results = oneAndThenThese("b", "c", "d", "e");

    for (Future<String> result : results) {
      assertThat(result.get()).endsWith("!");
    }
    assertThat(done).containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"));
    assertThat(together.apply("f")).as("and nobody is left waiting").isEqualTo("f!");
  }

  @Test
  void aMistakeHitsTheOneWhoMadeIt() throws Exception {
    List<Future<String>> results = oneAndThenThese("b", "bad", "c");

    assertThat(results.get(1).get()).isEqualTo("b!");
    assertThatThrownBy(results.get(2)::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(results.get(3).get()).isEqualTo("c!");
  }

  @Test
  void aDatabaseThatIsAwayIsAskedOnce() throws Exception {
    List<Future<String>> results = oneAndThenThese("b", "away", "c");

    for (Future<String> result : results.subList(1, 4)) {
      assertThatThrownBy(result::get).hasCauseInstanceOf(PersistenceException.class);
    }
    assertThat(done).containsExactly(List.of("a"), List.of("b", "away", "c"));
    assertThat(together.apply("d")).isEqualTo("d!");
  }

  @Test
  void whoWaitsMeanwhileNeedNotFindItAway() throws Exception {
    List<Future<String>> results = oneAndThenThese("b", "away", "c", "d", "e");

    for (Future<String> result : results.subList(1, 6)) {
      assertThatThrownBy(result::get).hasCauseInstanceOf(PersistenceException.class);
    }
    assertThat(done).containsExactly(List.of("a"), List.of("b", "away", "c"));
    assertThat(together.apply("f")).as("one who comes later").isEqualTo("f!");
  }

  @Test
  void whoHasNotWaitedLongTriesHimself() throws Exception {
    Together<String, String> patient = new Together<>(this::work, 1, 1, Duration.ofMinutes(1));
    Future<String> first = threads.submit(() -> patient.apply("away"));
    begun.await();
    Future<String> second = threads.submit(() -> patient.apply("b"));
    await().until(() -> patient.waiting() == 1);
    goOn.countDown();

    assertThatThrownBy(first::get).hasCauseInstanceOf(PersistenceException.class);
    assertThat(second.get()).isEqualTo("b!");
  }

  @Test
  void norIsItAskedAgainForTheOthersOfAMistake() throws Exception {
    List<Future<String>> results = oneAndThenThese("away", "bad", "c");

    for (Future<String> result : results.subList(1, 4)) {
      assertThatThrownBy(result::get).hasCauseInstanceOf(PersistenceException.class);
    }
    assertThat(done).containsExactly(List.of("a"), List.of("away", "bad", "c"), List.of("away"));
  }

  @Test
  void nobodyWaitsForOneThatIsNeverDone() throws Exception {
    List<Future<String>> results = oneAndThenThese("bad", "error", "c");

    assertThatThrownBy(results.get(1)::get).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(results.get(3)::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(together.apply("d")).isEqualTo("d!");
  }

  @Test
  void asManyAreAtWorkAsThereAreTurns() throws Exception {
    AtomicInteger atWork = new AtomicInteger();
    Together<Integer, Integer> twoTurns =
        new Together<>(
            some -> {
              atWork.incrementAndGet();
              work(List.of("a"));
              atWork.decrementAndGet();
              return some;
            },
            3,
            2,
            Duration.ZERO);
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int part = i;
      results.add(threads.submit(() -> twoTurns.apply(part)));
      await().until(() -> atWork.get() + twoTurns.waiting() == part + 1);
    }

    assertThat(atWork).hasValue(2);
    goOn.countDown();
    for (int i = 0; i < 6; i++) {
      assertThat(results.get(i).get()).isEqualTo(i);
    }
    assertThat(done).as("the other four").hasSizeBetween(4, 5);
  }

  @Test
  void noTurnIsLostHoweverManyCome() throws Exception {
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Together<Integer, Integer> twoTurns =
        new Together<>(
            some -> {
              most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
              atWork.decrementAndGet();
              if (some.contains(13)) {
                throw new IllegalArgumentException("13");
              }
              if (some.contains(1313)) {
                throw new PersistenceException(new SQLException("away", "08006"));
              }
              return some;
            },
            3,
            2,
            Duration.ZERO);
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int part = i;
      results.add(threads.submit(() -> twoTurns.apply(part)));
    }
    for (int i = 0; i < results.size(); i++) {
      try {
        assertThat(results.get(i).get()).isEqualTo(i);
        assertThat(i).isNotIn(13, 1313);
      } catch (ExecutionException e) {
        Class<? extends Exception> expected =
            i == 13 ? IllegalArgumentException.class : PersistenceException.class;
        assertThat(e).as("part %d", i).hasCauseInstanceOf(expected);
      }
    }

    assertThat(most).hasValueLessThanOrEqualTo(2);
    await().until(() -> twoTurns.free() == 2);
  }

  /** The first is at work when the others come, one after the other. */
  private List<Future<String>> oneAndThenThese(String... others) throws InterruptedException {
    List<Future<String>> results = new ArrayList<>();
    results.add(threads.submit(() -> together.apply("a")));
    begun.await();
    for (int i = 0; i < others.length; i++) {
      String other = others[i];
      results.add(threads.submit(() -> together.apply(other)));
      int now = i + 1;
      await().until(() -> together.waiting() == now);
    }
    goOn.countDown();
    return results;
  }
}
