import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after the answer to a write all placements of its router have answered about it or a
 * later one, seen in the database by one more client, who looks every few milliseconds.
 */
final class WriteToObserved {

  /** Makes one write on this router. */
  interface Writer {
    void write(UUID router) throws IOException;
  }

  private static final long LOOK_NANOS = 4_000_000L;
  private static final String SETTLED =
      """
      SELECT r.id FROM unnest(?) AS wanted (id)
        JOIN router r ON r.id = wanted.id
        JOIN placement p ON p.router_id = r.id
      GROUP BY r.id HAVING bool_and(coalesce(p.observed_fence >= r.fence, false))
      """;

  private record Answered(UUID router, long at) {}

  private final ConcurrentLinkedQueue<Answered> answered = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final Map<UUID, List<Long>> open = new HashMap<>();
  private final List<Long> took = new ArrayList<>();

  /** At this pace for so many seconds, on routers taken at random. */
  void measure(Writer writer, Connection connection, List<UUID> routers, int aSecond, int seconds)
      throws Exception {
    Random random = new Random(1);
    int writes = aSecond * seconds;
    long begin = System.nanoTime();
    try (ExecutorService clients = Executors.newFixedThreadPool(16);
        PreparedStatement settled = connection.prepareStatement(SETTLED)) {
      long look = begin;
      for (int i = 0; i < writes; ) {
        long now = System.nanoTime();
        if (now - begin >= i * 1_000_000_000L / aSecond) {
          UUID router = routers.get(random.nextInt(routers.size()));
          clients.submit(() -> {
            boolean accepted = isAccepted(writer, router);
            if (accepted) {
              answered.add(new Answered(router, System.nanoTime()));
            } else {
              refused.incrementAndGet();
            }
            return accepted;
          });
          i++;
        } else if (now >= look) {
          look(connection, settled);
          look = now + LOOK_NANOS;
        } else {
          LockSupport.parkNanos(200_000L);
        }
      }
      while (took.size() + refused.get() < writes
          && System.nanoTime() - begin < 3L * seconds * 1_000_000_000L) {
        look(connection, settled);
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    print(aSecond, writes);
  }

  /** Not if the router has a helper on that port already, as happens once in some thousands. */
  private static boolean isAccepted(Writer writer, UUID router) throws IOException {
    try {
      writer.write(router);
      return true;
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
      return false;
    }
  }

  private void look(Connection connection, PreparedStatement settled) throws Exception {
    for (Answered one = answered.poll(); one != null; one = answered.poll()) {
      open.computeIfAbsent(one.router, _ -> new ArrayList<>()).add(one.at);
    }
    if (open.isEmpty()) {
      return;
    }
    settled.setArray(1, connection.createArrayOf("uuid", open.keySet().toArray()));
    try (ResultSet row = settled.executeQuery()) {
      long now = System.nanoTime();
      while (row.next()) {
        for (long at : open.remove(row.getObject(1, UUID.class))) {
          took.add(now - at);
        }
      }
    }
  }

  private void print(int aSecond, int writes) {
    long[] sorted = took.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    System.out.printf(
        "%d writes a second, %d of %d answered by all placements, %d refused:%n",
        aSecond, sorted.length, writes, refused.get());
    System.out.printf(
        "write -> observed p50 %.1f  p95 %.1f  p99 %.1f  max %.1f ms%n",
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 95 / 100] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}
