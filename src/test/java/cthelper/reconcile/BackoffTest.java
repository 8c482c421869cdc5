package cthelper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits double from half a second to a minute, and differ by up to a fifth. */
class BackoffTest {

  /** Always the middle of its range: no jitter. */
  private static final RandomGenerator MIDDLE = new Constant(0.5);

  private record Constant(double value) implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException("only doubles are asked for");
    }

    @Override
    public double nextDouble() {
      return value;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 500",
    "2, 1000",
    "3, 2000",
    "4, 4000",
    "5, 8000",
    "6, 16000",
    "7, 32000",
    "8, 60000",
    "9, 60000",
    "100, 60000",
    "2147483647, 60000",
    "0, 500",
    "-2147483648, 500"
  })
  void theWaitDoublesUpToAMinute(int attempts, long millis) {
    assertThat(new Backoff(MIDDLE).after(attempts)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void itIsAFifthLessAtTheLeast() {
    assertThat(new Backoff(new Constant(0)).after(1)).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void itIsAFifthMoreAtTheMost() {
    assertThat(new Backoff(new Constant(Math.nextDown(1.0))).after(8))
        .isEqualTo(Duration.ofSeconds(72));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 42, 4711})
  void thoseThatFailedTogetherComeBackApart(long seed) {
    Backoff backoff = new Backoff(new Random(seed));
    List<Duration> waits = IntStream.range(0, 1000).mapToObj(i -> backoff.after(3)).toList();
    assertThat(waits)
        .allSatisfy(
            wait -> assertThat(wait).isBetween(Duration.ofMillis(1600), Duration.ofMillis(2400)));
    assertThat(waits.stream().distinct().count()).isGreaterThan(500);
  }
}
