package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.PrivateNetns;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.netfilter.FenceEvents;
import cthelper.testing.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two executors that know nothing of each other apply states of random fences to one namespace, at
 * the same moment, again and again. {@code -Dcthelper.races=100000} makes it a hundred thousand
 * races.
 */
@ExtendWith(PrivateNetns.class)
class FenceRacesKernelTest {

  private static final int RACES = Integer.getInteger("cthelper.races", 3_000);
  private static final int WRITERS = 2;
  private static final int FARTHEST_BEHIND = 4;
  private static final int FARTHEST_AHEAD = 4;

  /** How many helpers, and which, follows from the fence: states of one fence are the same. */
  private static final List<DesiredHelper> SOME =
      IntStream.range(0, 6).mapToObj(i -> helper(i % 2 == 0 ? FTP : TFTP, 2100 + i)).toList();

  @TempDir Path files;
  private final Seed seed = new Seed(Seed.first(1).sum());
  private final Random random = seed.random();
  private final long[] numbers = new long[WRITERS];
  private final ObservedState[] outcomes = new ObservedState[WRITERS];
  private int races;
  private int changes;
  private long newest;

  @Test
  void anOlderFenceNeverWins() throws Exception {
    try (KernelBench one = new KernelBench(files);
        KernelBench other = one.beside(Files.createDirectory(files.resolve("other")));
        FenceEvents events = new FenceEvents(one.netns().path());
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      newest = 100;
      one.apply(state(newest));
      CyclicBarrier start =
          new CyclicBarrier(WRITERS, () -> judgeTheLastRaceAndDrawTheNext(one, events));
      List<Future<?>> writers = new ArrayList<>();
      List<KernelBench> executors = List.of(one, other);
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(threads.submit(() -> race(writer, executors.get(writer), start)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertThat(changes).isGreaterThan(RACES / 2);
      assertThat(one.netns().ruleset())
          .contains("elements = { 0x00000001 . 0x00000000 . 0x%08x }".formatted(newest));
    }
  }

  private @Nullable Void race(int writer, KernelBench executor, CyclicBarrier start)
      throws Exception {
    start.await();
    while (races <= RACES) {
      outcomes[writer] = executor.apply(state(numbers[writer]));
      start.await();
    }
    return null;
  }

  /** On the thread of the writer that came last, while the other one waits. */
  private void judgeTheLastRaceAndDrawTheNext(KernelBench bench, FenceEvents events) {
    if (races > 0) {
      judge(bench, events.numbers());
    } else {
      events.numbers();
    }
    races++;
    for (int i = 0; i < WRITERS; i++) {
      numbers[i] = newest - FARTHEST_BEHIND + random.nextInt(FARTHEST_BEHIND + FARTHEST_AHEAD + 1);
    }
  }

  private void judge(KernelBench bench, List<Long> set) {
    String race =
        "%s, race %d: %d against %d and %d, set one after the other: %s"
            .formatted(seed, races, newest, numbers[0], numbers[1], set);
    long highest = Math.max(newest, Math.max(numbers[0], numbers[1]));
    assertThat(set).as(race).isSorted().allMatch(number -> number >= newest);
    for (int i = 0; i < WRITERS; i++) {
      assertThat(outcomes[i]).as(race).isInstanceOfAny(Held.class, Superseded.class);
      if (numbers[i] == highest) {
        assertThat(outcomes[i]).as(race).isInstanceOf(Held.class);
      }
    }
    assertThat(bench.readOurs().fence()).as(race).isEqualTo(fence(highest));
    assertThat(bench.readOurs().assignments()).as(race).isEqualTo(assignments(highest));
    changes += set.size();
    newest = highest;
  }

  private static DesiredState state(long number) {
    return new DesiredState(ROUTER, fence(number), helpers(number));
  }

  private static List<DesiredHelper> helpers(long number) {
    return SOME.subList((int) (number % 3), (int) (4 + number % 2));
  }

  private static Map<HelperSpec, UUID> assignments(long number) {
    return helpers(number).stream()
        .collect(Collectors.toMap(DesiredHelper::spec, DesiredHelper::id));
  }
}
