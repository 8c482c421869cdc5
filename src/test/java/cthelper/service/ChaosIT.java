package cthelper.service;

import cthelper.lab.PrivateNetns;
import cthelper.testing.Seed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A minute of {@code ./run chaos}; with {@code -Dcthelper.seed=N} the same one again. */
@ExtendWith({PrivateNetns.class, SharedCluster.class})
class ChaosIT {

  private static final Duration TIME = Duration.ofSeconds(60);

  @Test
  void whatWasAcceptedHoldsWhateverBreaks(Cluster cluster) {
    Seed seed = new Seed(Long.getLong("cthelper.seed", System.currentTimeMillis()));
    new Chaos(cluster, seed, System.out).lasting(TIME);
  }
}
