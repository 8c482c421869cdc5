package cthelper.truth;

import cthelper.lab.LabNamespace;
import cthelper.truth.Client.Shown;
import cthelper.truth.Model.Helper;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches all the time, also while things change, that no helper is shown as ACTIVE that its kernel
 * does not hold.
 *
 * <p>The kernel is read between two readings of the API. A helper that is ACTIVE in both, at the
 * same revision, was not changed by any user in between, so its assignment has to be there. What
 * others do to a namespace needs its moments to be repaired and reported (milliseconds, more when
 * the machine is busy): a namespace is judged only when nobody but the service has touched it since
 * {@link #GRACE} before the first reading.
 */
final class Watcher implements AutoCloseable {

  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Service service;
  private final List<String> ids;
  private final Touches touches;
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable String lie;
  private final AtomicLong looks = new AtomicLong();

  /**
   * @param ids of the routers
   */
  Watcher(Service service, List<String> ids, Touches touches) {
    this.service = service;
    this.ids = ids;
    this.touches = touches;
    this.thread = Thread.ofPlatform().name("watcher").daemon().start(this::watch);
  }

  /** The first thing that was not true; empty as long as all was. */
  Optional<String> lie() {
    return Optional.ofNullable(lie);
  }

  /** How often a router was looked at. */
  long looks() {
    return looks.get();
  }

  private void watch() {
    for (int turn = 0; !closing && lie == null; turn++) {
      try {
        look(turn % Place.ROUTERS);
      } catch (UncheckedIOException e) {
        // the service is not there, or has just gone
      } catch (RuntimeException e) {
        lie = "the watcher cannot look: " + e;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void look(int router) {
    Optional<Client> client = service.client();
    if (client.isEmpty()) {
      return;
    }
    List<Place> places = Place.of(router).stream().filter(this::isQuiet).toList();
    List<Helper> active = active(client.get(), router);
    if (active.isEmpty()) {
      return;
    }
    long begin = System.nanoTime();
    Map<Place, Ruleset> kernels = new HashMap<>();
    places.forEach(
        place -> Ruleset.of(namespace(place)).ifPresent(ruleset -> kernels.put(place, ruleset)));
    List<Helper> stillActive = active(client.get(), router);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    List<Place> judged =
        places.stream().filter(place -> touches.quiet(place).compareTo(took) > 0).toList();
    for (Helper helper : active) {
      if (stillActive.contains(helper)) {
        judge(helper, judged, kernels);
      }
    }
    looks.incrementAndGet();
  }

  private boolean isQuiet(Place place) {
    return touches.quiet(place).compareTo(GRACE) > 0;
  }

  private void judge(Helper helper, List<Place> places, Map<Place, Ruleset> kernels) {
    for (Place place : places) {
      Ruleset seen = kernels.get(place);
      if (seen != null && !ExpectedRuleset.holds(seen, helper)) {
        lie = "%s: helper %s is ACTIVE, but the kernel holds %s".formatted(place, helper, seen);
      }
    }
    if (places.size() == Place.PER_ROUTER && kernels.isEmpty()) {
      lie = "helper %s is ACTIVE without any namespace".formatted(helper);
    }
  }

  private List<Helper> active(Client client, int router) {
    return client.helpersOf(ids.get(router)).stream()
        .filter(Shown::isActive)
        .map(Shown::helper)
        .toList();
  }

  private LabNamespace namespace(Place place) {
    return new LabNamespace(place.name(ids.get(place.router())));
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
