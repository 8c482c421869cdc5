package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.OTHER_ROUTER;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.desired;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static cthelper.executor.Plan.placement;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The log tells each fact once: what became different, what cannot be, and that it is news again.
 */
class ApplyStoryTest {

  private static final Placement PLACEMENT = placement(ROUTER);
  private static final String WHERE = " router=" + ROUTER + " namespace=" + PLACEMENT.namespace();
  private static final Duration TOOK = Duration.ofNanos(1_234_567);
  private static final DesiredHelper WORKS = helper(FTP, 21);
  private static final DesiredHelper ABSENT = helper(TFTP, 69);
  private static final DesiredState DESIRED = desired(42, WORKS, ABSENT);
  private static final ObservedState NOT_PERMITTED =
      new Failed(fence(42), Reason.NOT_PERMITTED, "begin: EPERM");
  private static final String COMPLAINT =
      "WARN not applied reason=not-permitted detail=\"begin: EPERM\"" + WHERE;
  private static final String REFUSAL =
      "WARN helper refused helper=tftp:udp port=69 id="
          + ABSENT.id()
          + " reason=helper-not-in-kernel detail=\"load it\""
          + WHERE;

  private final CapturedLog log = CapturedLog.of(ApplyStory.class);
  private final ApplyStory story = new ApplyStory();

  @AfterEach
  void close() {
    log.close();
  }

  private void tell(ObservedState outcome) {
    story.tell(PLACEMENT, DESIRED, outcome, TOOK);
  }

  private static Held held(boolean changed) {
    return new Held(fence(42), List.of(proven(WORKS), proven(ABSENT)), changed);
  }

  private static Held heldWithRefusal() {
    Verdict refused = Verdict.refused(ABSENT, Reason.HELPER_NOT_IN_KERNEL, "load it");
    return new Held(fence(42), List.of(proven(WORKS), refused), false);
  }

  private static Verdict proven(DesiredHelper helper) {
    return Verdict.proven(helper, Set.of(AddressFamily.IPV4));
  }

  @Test
  void aChangeIsToldWithEverythingThatIsKnown() {
    tell(held(true));
    assertThat(log.lines())
        .containsExactly(
            "INFO applied"
                + WHERE
                + " fence=1.42 proven=2 refused=0 changed=true"
                + " durationMicros=1234");
  }

  @Test
  void nothingNewIsForTheCuriousOnly() {
    tell(held(false));
    assertThat(log.lines()).singleElement().asString().startsWith("DEBUG applied");
  }

  @Test
  void anEmptiedNamespaceIsForgotten() {
    story.tell(PLACEMENT, desired(43), new Held(fence(43), List.of(), true), TOOK);
    assertThat(log.lines())
        .containsExactly(
            "INFO forgot"
                + WHERE
                + " fence=1.43 proven=0 refused=0 changed=true"
                + " durationMicros=1234");
  }

  @Test
  void aFailureThatIsTriedAgainIsToldOnce() {
    tell(NOT_PERMITTED);
    tell(NOT_PERMITTED);
    assertThat(log.lines()).containsExactly(COMPLAINT);
  }

  @Test
  void anotherFailureIsTold() {
    tell(NOT_PERMITTED);
    tell(new Failed(fence(42), Reason.CONTENDED, "busy"));
    assertThat(log.lines())
        .containsExactly(COMPLAINT, "WARN not applied reason=contended detail=busy" + WHERE);
  }

  @Test
  void afterItHealedAFailureIsNewsAgain() {
    tell(NOT_PERMITTED);
    tell(held(false));
    tell(NOT_PERMITTED);
    assertThat(log.lines()).filteredOn(COMPLAINT::equals).hasSize(2);
  }

  @Test
  void anotherNamespacesFailureIsTold() {
    tell(NOT_PERMITTED);
    story.tell(placement(OTHER_ROUTER), DESIRED, NOT_PERMITTED, TOOK);
    assertThat(log.lines()).hasSize(2);
  }

  @Test
  void aNewNamespaceOfTheNameBeginsAnew() {
    tell(NOT_PERMITTED);
    tell(new Gone());
    tell(NOT_PERMITTED);
    assertThat(log.lines()).containsExactly(COMPLAINT, COMPLAINT);
  }

  @Test
  void aRefusedHelperIsToldOnce() {
    tell(heldWithRefusal());
    tell(heldWithRefusal());
    assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).containsExactly(REFUSAL);
  }

  @Test
  void afterItHealedARefusalIsNewsAgain() {
    tell(heldWithRefusal());
    tell(held(true));
    tell(heldWithRefusal());
    assertThat(log.lines()).filteredOn(REFUSAL::equals).hasSize(2);
  }

  @Test
  void oldNewsIsToldWithBothFences() {
    tell(new Superseded(fence(42), fence(43)));
    assertThat(log.lines())
        .containsExactly("INFO refused older fence" + WHERE + " fence=1.42 held=1.43");
  }
}
