package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.SIP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.netfilter.ManualPages.Failure;
import cthelper.netfilter.TableReading.Changeable;
import cthelper.netfilter.TableReading.Ours;
import cthelper.testing.Heap;
import cthelper.testing.Seed;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A kernel that answers nonsense gets results from our code, never exceptions; and what it really
 * holds is right again with the first answers that are true.
 */
class TableFaultsKernelTest {

  private static final int RUNS = 2000;
  private static final int RUNS_WITH_CHANGES = 600;
  private static final int PROBES = 50;
  private static final int MEGABYTE = 1 << 20;
  private static final List<DesiredHelper> HELPERS = List.of(FTP, TFTP, SIP);
  private static final UUID OTHERS = UUID.fromString("0ff1ce00-0000-4000-8000-000000000001");

  private final FaultyCalls faulty = new FaultyCalls();
  private final KernelFixture kernel = new KernelFixture(faulty.calls());
  private final HelperTable table = kernel.table();

  @AfterEach
  void deleteNamespace() {
    faulty.heal();
    kernel.close();
  }

  @Test
  void damagedRepliesAreOvercomeByTheNextWrite() {
    long before = Heap.usedBytes();

    Seed.first(RUNS_WITH_CHANGES)
        .mapToObj(Seed::new)
        .forEach(seed -> underDamage(seed, kernel.read()));

    assertThat(Heap.usedBytes()).isLessThan(before + 4 * MEGABYTE);
    kernel.write(fence(1L << 40), FTP, TFTP);
    assertThat(kernel.readOurs().isIntact()).isTrue();
    assertThat(kernel.namespace().ruleset())
        .contains("udp . 69 comment \"" + TFTP.id() + "\" : \"tftp-udp\"")
        .contains("tcp . 21 comment \"" + FTP.id() + "\" : \"ftp-tcp\"")
        .doesNotContain("sip");
  }

  private void underDamage(Seed seed, Changeable before) {
    Random random = seed.random();
    faulty.damageReplies(new DamagedReplies(random));
    try {
      assertThat(run(seed.number(), before, random)).isNotNull();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(seed.toString(), e);
    } finally {
      faulty.heal();
    }
  }

  private Object run(long number, Changeable before, Random random) {
    Changeable known =
        random.nextBoolean() && table.read(kernel.socket()) instanceof Changeable read
            ? read
            : before;
    if (random.nextInt(4) == 0) {
      return table.remove(kernel.socket(), known);
    }
    if (known instanceof Ours ours && random.nextInt(4) == 0) {
      return table.adopt(kernel.socket(), ours);
    }
    if (known instanceof Ours ours && ours.fence().isNewerThan(fence(number))) {
      return known;
    }
    List<DesiredHelper> some = HELPERS.subList(random.nextInt(HELPERS.size()), HELPERS.size());
    return table.write(kernel.socket(), known, fence(number), some, random.nextInt(8) == 0);
  }

  @Test
  void tableOfAnotherInstallationStaysWhateverTheRepliesSay() {
    HelperTable theirs = new HelperTable(OTHERS);
    theirs.write(kernel.socket(), kernel.read(), new Fence(OTHERS, 1, 1), List.of(FTP), false);
    String ruleset = kernel.namespace().ruleset();

    Seed.first(RUNS)
        .mapToObj(Seed::new)
        .forEach(seed -> {
          faulty.damageReplies(new DamagedReplies(seed.random()));
          if (table.read(kernel.socket()) instanceof Changeable changeable) {
            table.write(kernel.socket(), changeable, fence(seed.number()), HELPERS, false);
            table.remove(kernel.socket(), changeable);
          }
          faulty.heal();
        });

    assertThat(kernel.namespace().ruleset()).isEqualTo(ruleset);
  }

  @Test
  void probeUnderDamageIsAnAnswerAndTheNextOneIsRight() {
    KernelSupport.Probe right = KernelSupport.probe(kernel.socket());
    assertThat(right).isInstanceOf(KernelSupport.Probe.Probed.class);

    Seed.first(PROBES)
        .mapToObj(Seed::new)
        .forEach(seed -> {
          faulty.damageReplies(new DamagedReplies(seed.random()));
          assertThat(KernelSupport.probe(kernel.socket())).as(seed.toString()).isNotNull();
          faulty.heal();
        });

    assertThat(KernelSupport.probe(kernel.socket())).isEqualTo(right);
  }

  /** A reading and a change are some twelve sends and twice as many receptions. */
  @Test
  void failureOfTheSocketIsAResultAndTheNextWriteIsRight() {
    long number = 1;
    for (Failure failure :
        Stream.of(ManualPages.failures(12, "send"), ManualPages.failures(24, "recvfrom"))
            .flatMap(List::stream)
            .toList()) {
      faulty.failAfter(failure.function(), failure.successes(), failure.errno());
      if (table.read(kernel.socket()) instanceof Changeable read) {
        table.write(kernel.socket(), read, fence(number++), HELPERS, false);
      }
      faulty.heal();

      assertThat(kernel.write(fence(number++), FTP))
          .as(failure.toString())
          .isEqualTo(new CommitResult.Committed());
      assertThat(kernel.readOurs().fence()).isEqualTo(fence(number - 1));
    }
    assertThat(kernel.readOurs().assignments()).containsOnlyKeys(FTP.spec());
  }
}
