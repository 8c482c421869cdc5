package cthelper.executor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Nanoseconds of one contender, a block in each round. */
final class Series {

  private final String name;
  private final List<long[]> blocks = new ArrayList<>();

  Series(String name) {
    this.name = name;
  }

  void add(long... block) {
    blocks.add(block);
  }

  /** Over all rounds. */
  double median() {
    return percentile(50);
  }

  /** For example {@code java n=2000 p50 20.1 p95 30.2 quartiles 18.9 … 24.0}, microseconds. */
  String line() {
    return "%-34s n=%-5d p50 %9.1f  p95 %9.1f  half of all %.1f to %.1f"
        .formatted(
            name,
            all().count(),
            percentile(50) / 1e3,
            percentile(95) / 1e3,
            percentile(25) / 1e3,
            percentile(75) / 1e3);
  }

  /** For example {@code open n=12 p50 0.31 p95 0.52 p99 0.60 max 0.60}, milliseconds. */
  String millis() {
    return "%-34s n=%-5d p50 %8.2f  p95 %8.2f  p99 %8.2f  max %8.2f ms"
        .formatted(
            name,
            all().count(),
            percentile(50) / 1e6,
            percentile(95) / 1e6,
            percentile(99) / 1e6,
            percentile(100) / 1e6);
  }

  /** For example {@code no helper n=400 p50 1520 p95 1600}, nanoseconds. */
  String nanos() {
    return "%-34s n=%-5d p50 %7.0f  p95 %7.0f"
        .formatted(name, all().count(), percentile(50), percentile(95));
  }

  /** How many times as long as the other, for example {@code 1.21 (rounds 1.10 to 1.43)}. */
  String ratio(Series other) {
    double[] rounds = new double[blocks.size()];
    for (int i = 0; i < rounds.length; i++) {
      rounds[i] = median(blocks.get(i)) / median(other.blocks.get(i));
    }
    Arrays.sort(rounds);
    return "%.2f (half of the rounds: %.2f to %.2f)"
        .formatted(
            median() / other.median(), rounds[rounds.length / 4], rounds[rounds.length * 3 / 4]);
  }

  private static double median(long[] block) {
    long[] sorted = block.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private double percentile(int percent) {
    long[] sorted = all().sorted().toArray();
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private LongStream all() {
    return blocks.stream().flatMapToLong(Arrays::stream);
  }
}
