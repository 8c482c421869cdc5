package cthelper.service;

import cthelper.lab.PrivateNetns;
import cthelper.testing.Seed;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What {@code ./run chaos --seed N --minutes M} runs, and no other command: three replicas and four
 * nodes of their own.
 */
@ExtendWith(PrivateNetns.class)
class ChaosRun {

  @Test
  void whatWasAcceptedHoldsWhateverBreaks() throws IOException {
    Seed seed = new Seed(Long.getLong("cthelper.seed", System.currentTimeMillis()));
    Duration time = Duration.ofMinutes(Long.getLong("cthelper.minutes", 10));
    try (Cluster cluster = Cluster.of(3, "east", "west", "north", "south")) {
      new Chaos(cluster, seed, System.out).lasting(time);
    }
  }
}
