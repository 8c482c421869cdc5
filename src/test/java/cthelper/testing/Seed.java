package cthelper.testing;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * Where the randomness of a test comes from: the same in every run, unless {@code
 * -Dcthelper.seed=NUMBER} says otherwise. A failure names the seed it happened with.
 */
public record Seed(long number) {

  /** As many seeds as a test has runs, the first one being the property's, else 1. */
  public static LongStream first(int runs) {
    long first = Long.getLong("cthelper.seed", 1);
    return LongStream.range(first, first + runs);
  }

  public Random random() {
    return new Random(number);
  }

  /** For the failure message: {@code -Dcthelper.seed=42}. */
  @Override
  public String toString() {
    return "-Dcthelper.seed=" + number;
  }
}
