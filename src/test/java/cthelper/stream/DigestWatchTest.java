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

  private int secondsUntilAsked() {
    for (int seconds = 1; seconds <= 1000; seconds++) {
      if (watch.wantsLostInventory()) {
        return seconds;
      }
    }
    throw new AssertionError("never asked");
  }

  @Test
  void oneThatWasLostIsAskedForSoonAndThenLessOften() {
    assertThat(watch.wantsLostInventory()).isFalse();
    int[] seconds = new int[7];
    for (int i = 0; i < seconds.length; i++) {
      watch.inventoryCame(false);
      seconds[i] = secondsUntilAsked();
    }
    assertThat(seconds).containsExactly(1, 2, 3, 4, 5, 5, 5);
    assertThat(secondsUntilAsked()).as("again, if nothing comes").isEqualTo(5);

    watch.inventoryCame(true);
    for (int i = 0; i < 10; i++) {
      assertThat(watch.wantsLostInventory()).isFalse();
    }
    watch.inventoryCame(false);
    assertThat(secondsUntilAsked()).isEqualTo(1);
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
