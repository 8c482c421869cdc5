package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.truth.Ruleset;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Looks all the time whether a conntrack helper is called ACTIVE that its kernel does not hold. A
 * moment is allowed: events and their repair take milliseconds, a frozen or dead node repairs later
 * and is found out later.
 */
final class Truthfulness implements AutoCloseable {

  /** A process may be frozen, or gone and come back, for as long. */
  private static final Duration ALLOWED = Duration.ofSeconds(12);

  private final Cluster cluster;
  private final Loops loops = new Loops();
  private final Queue<String> lies = new ConcurrentLinkedQueue<>();

  Truthfulness(Cluster cluster) {
    this.cluster = cluster;
  }

  /** From now on, this one, which nobody deletes. */
  void watch(String router, String helper, RouterNamespace namespace) {
    loops.start(() -> {
      try {
        look(router, helper, namespace);
      } catch (RuntimeException | Error e) {
        lies.add("nobody looks any more: " + e);
      }
    });
  }

  /** What was said and not so. */
  Queue<String> lies() {
    return lies;
  }

  private void look(String router, String helper, RouterNamespace namespace) {
    long missingSince = System.nanoTime();
    while (loops.go()) {
      boolean isHeld =
          Ruleset.of(namespace.namespace())
              .filter(ruleset ->
                  ruleset.assignments().values().stream().anyMatch(it -> it.endsWith(helper)))
              .isPresent();
      if (isHeld || !isSaid(router, helper)) {
        missingSince = System.nanoTime();
      } else if (System.nanoTime() - missingSince > ALLOWED.toNanos()) {
        lies.add(helper + " of " + router + " is ACTIVE and not in its kernel");
        return;
      }
      pause();
    }
  }

  /** By any replica; one that does not answer says nothing. */
  private boolean isSaid(String router, String helper) {
    for (Replica replica : cluster.replicas()) {
      try {
        if ("ACTIVE".equals(replica.api().status(router, helper))) {
          return true;
        }
      } catch (Exception e) { // which RestAssured throws without declaring it
        assertThat(e).as("it has ended").isInstanceOf(IOException.class);
      }
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    loops.close();
  }
}
