package cthelper.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Asking for everything heals at once, and never becomes a habit. */
class DigestWatchTest {

  private final DigestWatch watch = new DigestWatch();

  private int pulsesUntilAsked() {
    for (int pulses = 1; pulses <= 1000; pulses++) {
      if (watch.wantsInventory(1, 2)) {
        return pulses;
      }
    }
    throw new AssertionError("never asked");
  }

  @Test
  void whatIsTheSameIsNotAskedFor() {
    assertThat(watch.wantsInventory(5, 5)).isFalse();
  }

  @Test
  void whatDiffersIsAskedForAtOnceAndAgainIfNothingComes() {
    assertThat(pulsesUntilAsked()).isEqualTo(1);
    assertThat(pulsesUntilAsked()).isEqualTo(4);
  }

  @Test
  void aDatabaseThatIsAwayIsTriedWithEveryPulse() {
    for (int i = 0; i < 10; i++) {
      assertThat(pulsesUntilAsked()).isEqualTo(1);
      watch.inventoryCame(false);
    }
  }

  @Test
  void whatDoesNotHelpIsDoneLessAndLess() {
    int[] pauses = new int[9];
    for (int i = 0; i < pauses.length; i++) {
      pauses[i] = pulsesUntilAsked() - 1;
      watch.inventoryCame(true);
    }
    assertThat(pauses).containsExactly(0, 0, 1, 2, 4, 8, 16, 32, 64);

    assertThat(watch.wantsInventory(5, 5)).isFalse();
    assertThat(pulsesUntilAsked()).isEqualTo(1);
  }
}
