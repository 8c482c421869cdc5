package cthelper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.Fence;
import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.testing.SteppedClock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A node is asked once for each fence of a placement until it answers, or is silent for long. */
class AskedTest {

  private static final UUID INSTALLATION = UUID.fromString("7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11");
  private static final Fence FENCE = new Fence(INSTALLATION, 1, 42);
  private static final Fence NEWER = new Fence(INSTALLATION, 1, 43);
  private static final NodeId NODE =
      new NodeId(UUID.fromString("0b1c2d3e-0000-4000-8000-000000000001"));

  private final SteppedClock clock = new SteppedClock();
  private final Asked asked = new Asked(clock);
  private final Placement placement = placement("qrouter-");
  private final Placement other = placement("snat-");

  private static Placement placement(String prefix) {
    RouterId router = new RouterId(UUID.fromString("5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1"));
    return new Placement(router, NODE, prefix + router);
  }

  @Test
  void aFenceIsAskedForOnce() {
    asked.begin(placement, FENCE, 0);
    assertThat(asked.begin(placement, FENCE, 0)).isFalse();
  }

  @Test
  void anotherPlacementIsAskedForTheSameFence() {
    asked.begin(placement, FENCE, 0);
    assertThat(asked.begin(other, FENCE, 0)).isTrue();
  }

  @Test
  void aNewerFenceIsAskedForAtOnce() {
    asked.begin(placement, FENCE, 0);
    assertThat(asked.begin(placement, NEWER, 0)).isTrue();
  }

  @Test
  void anAnsweredOneMayBeAskedAgain() {
    asked.begin(placement, FENCE, 0);
    asked.answered(placement);
    assertThat(asked.begin(placement, FENCE, 0)).isTrue();
  }

  @Test
  void silenceIsRespectedForTenSeconds() {
    asked.begin(placement, FENCE, 0);
    clock.pass(Duration.ofMillis(9_999));
    assertThat(asked.begin(placement, FENCE, 0)).isFalse();
  }

  @Test
  void afterTenSecondsOfSilenceItIsAskedAgain() {
    asked.begin(placement, FENCE, 0);
    clock.pass(Duration.ofSeconds(10));
    assertThat(asked.begin(placement, FENCE, 0)).isTrue();
  }

  @Test
  void askingAgainBeginsAnotherTenSeconds() {
    asked.begin(placement, FENCE, 0);
    clock.pass(Duration.ofSeconds(10));
    asked.begin(placement, FENCE, 0);
    clock.pass(Duration.ofSeconds(9));
    assertThat(asked.begin(placement, FENCE, 0)).isFalse();
  }

  @Test
  void waitedForIsWhatWasAskedAndNotAnswered() {
    asked.begin(placement, FENCE, 0);
    asked.begin(placement, NEWER, 0);
    asked.begin(other, FENCE, 0);
    assertThat(asked.waitedFor()).isEqualTo(2);
    asked.answered(placement);
    assertThat(asked.waitedFor()).isEqualTo(1);
    asked.forget(NODE);
    assertThat(asked.waitedFor()).isZero();
  }

  @Test
  void nobodyWaitsLongerThanTenSeconds() {
    asked.begin(placement, FENCE, 0);
    clock.pass(Duration.ofMillis(9_999));
    assertThat(asked.waitedFor()).isEqualTo(1);
    clock.pass(Duration.ofMillis(1));
    assertThat(asked.waitedFor()).isZero();
  }

  @Test
  void theAnswerTellsHowOftenItHadFailedBefore() {
    asked.begin(placement, FENCE, 7);
    assertThat(asked.answered(placement)).isEqualTo(7);
  }

  @Test
  void anAnswerNobodyAskedForHasNotFailedBefore() {
    assertThat(asked.answered(placement)).isZero();
  }
}
