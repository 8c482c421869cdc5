package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.INSTALLATION;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.PrivateNetns;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.RouterId;
import cthelper.netfilter.TableReading;
import cthelper.netfilter.TableReading.Absent;
import cthelper.netfilter.TableReading.Ours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * In whatever order and however often desired states arrive, a real namespace ends at the one with
 * the highest fence.
 */
@ExtendWith(PrivateNetns.class)
class ApplySequencesKernelTest {

  private static final int SEQUENCES = 300;
  private static final List<DesiredHelper> SOME =
      List.of(
          helper(FTP, 21), helper(FTP, 2121), helper(TFTP, 69), helper(TFTP, 6969), helper(FTP, 1));

  @TempDir Path files;

  @Test
  void everySequenceEndsAtTheHighestFence() throws IOException {
    try (KernelBench bench = new KernelBench(files)) {
      for (int seed = 1; seed <= SEQUENCES; seed++) {
        Random random = new Random(seed);
        List<DesiredState> states = states(seed, random);
        DesiredState highest =
            states.stream().max(Comparator.comparingLong(it -> it.fence().number())).orElseThrow();
        List<DesiredState> sequence = sequence(states, random);
        for (DesiredState state : sequence) {
          bench.apply(state);
        }
        assertHolds(bench.read(), highest, "seed " + seed + ": " + fences(sequence));
      }
    }
  }

  /**
   * Up to six states of a router of its own, the emptied ones among them. The epoch makes them
   * newer than those of the seed before, which live in the same namespace.
   */
  private static List<DesiredState> states(int epoch, Random random) {
    RouterId router = new RouterId(new UUID(0x4000, 0x8000_0000_0000_0000L + epoch));
    return IntStream.rangeClosed(1, 2 + random.nextInt(5))
        .mapToObj(number ->
            new DesiredState(router, new Fence(INSTALLATION, epoch, number), some(random)))
        .toList();
  }

  private static List<DesiredHelper> some(Random random) {
    return random.nextInt(3) == 0
        ? List.of()
        : SOME.stream().filter(helper -> random.nextBoolean()).toList();
  }

  /** Each state at least once, some twice, in any order. */
  private static List<DesiredState> sequence(List<DesiredState> states, Random random) {
    List<DesiredState> sequence = new ArrayList<>(states);
    states.stream().filter(state -> random.nextInt(3) == 0).forEach(sequence::add);
    Collections.shuffle(sequence, random);
    return sequence;
  }

  private static void assertHolds(TableReading reading, DesiredState expected, String how) {
    if (expected.isEmpty()) {
      assertThat(reading).as(how).isInstanceOf(Absent.class);
      return;
    }
    Map<HelperSpec, UUID> assignments =
        expected.helpers().stream()
            .collect(Collectors.toMap(DesiredHelper::spec, DesiredHelper::id));
    assertThat(reading)
        .as(how)
        .isInstanceOfSatisfying(
            Ours.class,
            ours -> {
              assertThat(ours.fence()).as(how).isEqualTo(expected.fence());
              assertThat(ours.assignments()).as(how).isEqualTo(assignments);
              assertThat(ours.isIntact()).as(how).isTrue();
            });
  }

  private static String fences(List<DesiredState> sequence) {
    return sequence.stream()
        .map(state -> state.fence().number() + (state.isEmpty() ? "(empty)" : ""))
        .collect(Collectors.joining(" "));
  }
}
