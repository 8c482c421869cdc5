package cthelper.truth;

import cthelper.lab.PrivateNetns;
import cthelper.testing.Seed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Some random steps; with {@code -Dcthelper.seed=N} the same ones again. */
@ExtendWith(PrivateNetns.class)
class ModelIT {

  private static final Duration TIME = Duration.ofSeconds(20);

  @Test
  void whatTheApiSaysIsWhatTheKernelDoesWhateverHappens() {
    long clock = System.currentTimeMillis();
    new ModelRun(new Seed(Long.getLong("cthelper.seed", clock)), System.out).lasting(TIME);
  }
}
