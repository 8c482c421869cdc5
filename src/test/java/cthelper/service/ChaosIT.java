package cthelper.service;

import cthelper.lab.PrivateNetns;
import cthelper.testing.Seed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A minute of {@code ./run chaos}; with {@code -Dcthelper.seed=N} the same one again. */
@ExtendWith(PrivateNetns.class)
class ChaosIT {

  private static final Duration TIME = Duration.ofSeconds(60);

  @Test
  void whatWasAcceptedHoldsWhateverBreaks() throws Exception {
    long clock = System.currentTimeMillis();
    try (Cluster cluster = Cluster.of(3, "east", "west")) {
      new Chaos(cluster, new Seed(Long.getLong("cthelper.seed", clock)), System.out).lasting(TIME);
    }
  }
}
