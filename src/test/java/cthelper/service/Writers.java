package cthelper.service;

import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that create and delete conntrack helpers of a router without pause, and remember every
 * answer. They complain of whatever is neither a yes nor a 503 with Retry-After.
 */
final class Writers implements AutoCloseable {

  private static final int PORTS_EACH = 40;

  private final String router;
  private final boolean replicasDie;
  private final Duration pause;
  private final Loops loops = new Loops();
  private final Set<String> present = ConcurrentHashMap.newKeySet();
  private final Set<String> absent = ConcurrentHashMap.newKeySet();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** Of replicas that are there all the time. */
  Writers(String router) {
    this(router, false, Duration.ZERO);
  }

  /**
   * @param replicasDie whether an answer may be missing, which leaves the client without knowing
   * @param pause of each client after a create and a delete
   */
  Writers(String router, boolean replicasDie, Duration pause) {
    this.router = router;
    this.pause = pause;
    this.replicasDie = replicasDie;
  }

  /** One more client, of these replicas; it goes to the next one when one is not there. */
  void write(Api... apis) {
    int firstPort = 3000 + loops.size() * PORTS_EACH;
    loops.start(() -> run(apis, firstPort));
  }

  int accepted() {
    return accepted.get();
  }

  int refused() {
    return refused.get();
  }

  Queue<String> complaints() {
    return complaints;
  }

  /** What was created and not deleted, as far as answers tell. */
  Set<String> present() {
    return present;
  }

  /** What was deleted. */
  Set<String> absent() {
    return absent;
  }

  private void run(Api[] apis, int firstPort) {
    int current = 0;
    for (int i = 0; loops.go(); i++) {
      try {
        createAndDelete(apis[current], firstPort + i % PORTS_EACH);
        Thread.sleep(pause);
      } catch (Exception e) { // which RestAssured throws without declaring it
        if (!replicasDie || !(e instanceof IOException)) {
          complaints.add(apis[current].base() + ": " + e);
          return;
        }
        current = (current + 1) % apis.length;
      }
    }
  }

  /** A third stays until its port has its turn again. */
  private void createAndDelete(Api api, int port) {
    Response created = api.postHelper(router, "ftp", "tcp", port);
    switch (created.statusCode()) {
      case 201 -> {
        String id = created.path("conntrack_helper.id");
        accepted.incrementAndGet();
        present.add(id);
        if (port % 3 != 0) {
          delete(api, id);
        }
      }
      case 400 -> deleteWhatIsAt(api, port);
      default -> refuse(created);
    }
  }

  /** A duplicate: created by a request whose answer did not come, or long ago. */
  private void deleteWhatIsAt(Api api, int port) {
    Response all = api.listHelpers(router, port);
    if (all.statusCode() == 200) {
      all.jsonPath().getList("conntrack_helpers.id", String.class).forEach(id -> delete(api, id));
    } else {
      refuse(all);
    }
  }

  private void delete(Api api, String id) {
    present.remove(id); // whatever the answer will be, it may be gone
    Response deleted = api.tryToDeleteHelper(router, id);
    if (deleted.statusCode() == 204) {
      accepted.incrementAndGet();
      absent.add(id);
    } else if (deleted.statusCode() != 404) {
      refuse(deleted);
    }
  }

  private void refuse(Response answer) {
    refused.incrementAndGet();
    if (answer.statusCode() != 503 || answer.header("Retry-After") == null) {
      complaints.add(answer.statusLine() + " " + answer.asString());
    }
  }

  @Override
  public void close() {
    loops.close();
  }
}
