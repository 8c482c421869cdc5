package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.OTHER_INSTALLATION;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.desired;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.PrivateNetns;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.netfilter.DamagedReplies;
import cthelper.netfilter.FaultyCalls;
import cthelper.testing.Heap;
import cthelper.testing.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * While the kernel answers nonsense a run has an outcome like any other; the first run after that
 * makes the namespace hold exactly what is desired.
 */
@ExtendWith(PrivateNetns.class)
class ApplyFaultsKernelTest {

  private static final int RUNS = 300;
  private static final int RUNS_WITH_CHANGES = 150;
  private static final int RUNS_PER_LOOK = 15;
  private static final int EXCHANGES_OF_A_RUN = 6;
  private static final int MEGABYTE = 1 << 20;
  private static final List<DesiredHelper> SOME =
      List.of(helper(FTP, 21), helper(FTP, 2121), helper(TFTP, 69), helper(TFTP, 6969));
  private static final Pattern ELEMENT =
      Pattern.compile("(tcp|udp) \\. (\\d+) comment \"(.{36})\"");

  @TempDir Path files;
  private final FaultyCalls faulty = new FaultyCalls();
  private KernelBench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new KernelBench(files, faulty.calls());
  }

  @AfterEach
  void close() {
    faulty.heal();
    bench.close();
  }

  @Test
  void damagedRepliesAreOvercomeByTheNextRun() throws IOException {
    long before = Heap.usedBytes();
    for (long number : Seed.first(RUNS_WITH_CHANGES).toArray()) {
      Seed seed = new Seed(number);
      Random random = seed.random();
      List<DesiredHelper> wanted = SOME.stream().filter(helper -> random.nextInt(3) > 0).toList();
      DesiredState state = new DesiredState(ROUTER, fence(number), wanted);

      runUnderDamage(seed, random, state);
      assertThat(bench.apply(state)).as(seed.toString()).isInstanceOf(Held.class);
      if (number % RUNS_PER_LOOK == 0) {
        assertThat(elements()).as(seed.toString()).hasSameElementsAs(elementsOf(wanted));
      }
    }
    assertThat(Heap.usedBytes()).isLessThan(before + 4 * MEGABYTE);
  }

  private void runUnderDamage(Seed seed, Random random, DesiredState state) {
    faulty.damageReplies(new DamagedReplies(random));
    try {
      assertThat(bench.apply(state)).isInstanceOfAny(Held.class, Failed.class, Superseded.class);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(seed.toString(), e);
    } finally {
      faulty.heal();
    }
  }

  @Test
  void tableOfAnotherInstallationStaysWhateverTheRepliesSay() throws IOException {
    bench.apply(new DesiredState(ROUTER, new Fence(OTHER_INSTALLATION, 1, 1), SOME));
    String ruleset = bench.netns().ruleset();
    int generation = bench.generation();
    for (long number : Seed.first(RUNS).toArray()) {
      Seed seed = new Seed(number);
      Random random = seed.random();
      runUnderDamage(
          seed, random, random.nextBoolean() ? desired(number) : desired(number, SOME.getFirst()));
    }
    assertThat(bench.netns().ruleset()).isEqualTo(ruleset);
    assertThat(bench.generation()).isEqualTo(generation);
  }

  /** More than one could make a lost fence of it, which nothing protects. */
  @Test
  void newerStateStaysWhateverOneReplySays() throws IOException {
    bench.apply(new DesiredState(ROUTER, fence(Long.MAX_VALUE), SOME));
    String ruleset = bench.netns().ruleset();
    int generation = bench.generation();
    for (long number : Seed.first(RUNS).toArray()) {
      Seed seed = new Seed(number);
      damageOne(seed.random());
      assertThat(bench.apply(desired(number, SOME.getFirst()))).as(seed.toString()).isNotNull();
      faulty.heal();
      assertThat(bench.generation()).as(seed.toString()).isEqualTo(generation);
    }
    assertThat(bench.netns().ruleset()).isEqualTo(ruleset);
  }

  private void damageOne(Random random) {
    DamagedReplies damaged = new DamagedReplies(random);
    AtomicInteger left = new AtomicInteger(random.nextInt(EXCHANGES_OF_A_RUN));
    faulty.damageReplies(replies -> left.getAndDecrement() == 0 ? damaged.apply(replies) : replies);
  }

  /** What nft(8) sees in the map, for example {@code tcp 21 0a1b…}. */
  private List<String> elements() {
    return ELEMENT
        .matcher(bench.netns().ruleset())
        .results()
        .map(ApplyFaultsKernelTest::element)
        .toList();
  }

  private static String element(MatchResult found) {
    return found.group(1) + " " + found.group(2) + " " + found.group(3);
  }

  private static List<String> elementsOf(List<DesiredHelper> helpers) {
    return helpers.stream()
        .map(helper ->
            "%s %d %s".formatted(helper.spec().protocol(), helper.spec().port(), helper.id()))
        .toList();
  }
}
