package cthelper.service;

import java.net.ConnectException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that look at a conntrack helper again and again, each on a new connection, and complain
 * when it is not shown, or as one that does not work: ACTIVE, or BUILD while another replica reads
 * the kernel once more. That nobody listens is no complaint: another is asked then.
 */
final class Watchers implements AutoCloseable {

  private static final Set<String> WORKS = Set.of("ACTIVE", "BUILD");

  private final String router;
  private final String helper;
  private final Loops loops = new Loops();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answers = new AtomicInteger();

  Watchers(String router, String helper) {
    this.router = router;
    this.helper = helper;
  }

  void watch(Api api) {
    loops.start(() -> run(api));
  }

  int answers() {
    return answers.get();
  }

  Queue<String> complaints() {
    return complaints;
  }

  private void run(Api api) {
    while (loops.go()) {
      try {
        String status = api.status(router, helper);
        answers.incrementAndGet();
        if (!WORKS.contains(status)) {
          complaints.add(api.base() + ": " + api.helper(router, helper).prettify());
        }
      } catch (Exception e) { // which RestAssured throws without declaring it
        if (!(e instanceof ConnectException)) {
          complaints.add(api.base() + ": " + e);
        }
      }
    }
  }

  @Override
  public void close() {
    loops.close();
  }
}
