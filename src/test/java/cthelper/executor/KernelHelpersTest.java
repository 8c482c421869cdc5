package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.TFTP;
import static cthelper.model.AddressFamily.IPV4;
import static cthelper.model.AddressFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.netfilter.KernelSupport;
import cthelper.testing.CapturedLog;
import cthelper.testing.SteppedClock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The kernel is asked once, and again after ten minutes when it lacked what is wanted. */
class KernelHelpersTest {

  private static final KernelSupport WITHOUT_TFTP =
      new KernelSupport(Map.of(FTP, Set.of(IPV4, IPV6), TFTP, Set.of()), true);
  private static final KernelSupport WITH_TFTP =
      new KernelSupport(Map.of(FTP, Set.of(IPV4, IPV6), TFTP, Set.of(IPV4)), true);
  private static final Duration BELIEVED = Duration.ofMinutes(10);

  private final SteppedClock clock = new SteppedClock();
  private final AtomicInteger asked = new AtomicInteger();

  /** A kernel whose tftp module is loaded after the first question. */
  private KernelSupport probe() {
    return asked.incrementAndGet() == 1 ? WITHOUT_TFTP : WITH_TFTP;
  }

  private KernelSupport probeThatFailsTheSecondTime() {
    if (asked.incrementAndGet() == 2) {
      throw new ExecutorUnavailable("no more descriptors");
    }
    return WITHOUT_TFTP;
  }

  @Test
  void whatIsThereIsBelievedForGood() {
    KernelHelpers helpers = new KernelHelpers(this::probe, clock);
    clock.pass(Duration.ofDays(1));
    assertThat(helpers.familiesOf(FTP)).containsExactlyInAnyOrder(IPV4, IPV6);
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatIsAbsentIsBelievedForTenMinutes() {
    KernelHelpers helpers = new KernelHelpers(this::probe, clock);
    clock.pass(BELIEVED);
    assertThat(helpers.familiesOf(TFTP)).isEmpty();
    assertThat(asked).hasValue(1);
  }

  @Test
  void thenTheKernelIsAskedAgain() {
    KernelHelpers helpers = new KernelHelpers(this::probe, clock);
    clock.pass(BELIEVED.plusSeconds(1));
    assertThat(helpers.familiesOf(TFTP)).containsExactly(IPV4);
    assertThat(helpers.all()).isEqualTo(WITH_TFTP.families());
    assertThat(asked).hasValue(2);
  }

  @Test
  void aKernelThatDoesNotAnswerAgainIsBelievedAsBefore() {
    KernelHelpers helpers = new KernelHelpers(this::probeThatFailsTheSecondTime, clock);
    clock.pass(BELIEVED.plusSeconds(1));
    try (CapturedLog log = CapturedLog.of(KernelHelpers.class)) {
      assertThat(helpers.familiesOf(TFTP)).isEmpty();
      assertThat(helpers.familiesOf(TFTP)).isEmpty();
      assertThat(asked).hasValue(2);
      assertThat(log.lines())
          .containsExactly("WARN helpers of this kernel not asked again: \"no more descriptors\"");
    }
  }
}
