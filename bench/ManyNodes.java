import static java.nio.charset.StandardCharsets.UTF_8;

import cthelper.service.SharedDatabase;
import cthelper.stream.NodeCrowd;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What 1,000 nodes with 10 routers each cost two replicas with API and reconciler, whose streams
 * are real and whose kernels are not ({@code SimulatedNode}): processor and heap while nothing
 * happens, how long after the answer to a write all placements have answered, at 200 writes a
 * second, and what the nodes take from the throughput of writes. Nodes, clients, replicas and
 * database share the machine. {@code -Dnodes=N} in JAVA_TOOL_OPTIONS makes it another number.
 */
final class ManyNodes {

  private static final int NODES = Integer.getInteger("nodes", 1000);
  private static final int ROUTERS = 10;
  private static final int CLIENTS = 16;
  private static final int ROUNDS = 15;
  private static final int ON_ONE = 8;
  private static final int WRITES_A_SECOND = 200;
  private static final int SECONDS = 20;
  private static final int TICKS_A_SECOND = 100;

  private final SharedDatabase database;
  private final List<BenchService> replicas;
  private final AtomicInteger nextPort = new AtomicInteger();
  private final AtomicInteger nextRouter = new AtomicInteger();

  private ManyNodes(SharedDatabase database, List<BenchService> replicas) {
    this.database = database;
    this.replicas = replicas;
  }

  public static void main(String... arguments) throws Exception {
    try (SharedDatabase database = new SharedDatabase();
        BenchService first = BenchService.startReplica(database.settings());
        BenchService second = BenchService.startReplica(database.settings())) {
      new ManyNodes(database, List.of(first, second)).measure();
    }
  }

  private void measure() throws Exception {
    for (BenchService replica : replicas) {
      awaitReady(replica);
    }
    List<UUID> lonely = new ArrayList<>();
    while (lonely.size() < NODES * ROUTERS) { // as many as there will be with a placement
      lonely.add(newRouter());
    }
    throughput(lonely, 3 * SECONDS);
    long before = heap();
    List<String> addresses = replicas.stream().map(BenchService::nodeStream).toList();
    try (NodeCrowd crowd = new NodeCrowd(NODES, ROUTERS, addresses)) {
      long begin = System.nanoTime();
      await(() -> crowd.connected() == NODES && due() == 0);
      System.out.printf(
          "%d nodes with %d routers each, two replicas: all known and answered after %.1f s%n",
          NODES, ROUTERS, (System.nanoTime() - begin) / 1e9);
      idle(before);
      List<UUID> placed = routers();
      warmUp(lonely, placed);
      ratio(lonely, placed);
      try (Connection connection = database.connect()) {
        new WriteToObserved().measure(this::create, connection, placed, WRITES_A_SECOND, SECONDS);
      }
    }
  }

  private void idle(long before) throws Exception {
    LockSupport.parkNanos(60_000_000_000L); // until the compilers rest
    long ticks = ticks();
    LockSupport.parkNanos(SECONDS * 1_000_000_000L);
    double share = (ticks() - ticks) / (double) TICKS_A_SECOND / SECONDS;
    System.out.printf(
        "%d idle streams: both replicas %.1f %% of one core, heap %.1f KB each%n",
        NODES, 100 * share, (heap() - before) / 1024.0 / NODES);
  }

  /**
   * A machine with two cores compiles for minutes. Both kinds end up with as many helpers on a
   * router, since a create counts those there are.
   */
  private void warmUp(List<UUID> lonely, List<UUID> placed) throws Exception {
    throughput(placed, 6 * SECONDS);
    while (perRouter(lonely) < perRouter(placed)) {
      throughput(lonely, SECONDS / 4);
    }
    System.out.printf(
        "helpers on a router: %.1f without, %.1f with placement%n",
        perRouter(lonely), perRouter(placed));
  }

  private double perRouter(List<UUID> routers) throws Exception {
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT count(*) FROM conntrack_helper WHERE router_id = ANY (?)")) {
      statement.setArray(1, connection.createArrayOf("uuid", routers.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1) / (double) routers.size();
      }
    }
  }

  /** Each round the other one is first, because the machine changes its mind. */
  private void ratio(List<UUID> lonely, List<UUID> placed) throws Exception {
    double[] ratios = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      boolean isAloneFirst = i % 2 == 0;
      double first = throughput(isAloneFirst ? lonely : placed, SECONDS / 4);
      double second = throughput(isAloneFirst ? placed : lonely, SECONDS / 4);
      double alone = isAloneFirst ? first : second;
      double with = isAloneFirst ? second : first;
      ratios[i] = with / alone;
      System.out.printf(
          "writes a second: %.0f on routers without, %.0f with placement, ratio %.2f%n",
          alone, with, ratios[i]);
    }
    Arrays.sort(ratios);
    System.out.printf(
        "median ratio %.2f, half of all %.2f to %.2f%n",
        ratios[ROUNDS / 2], ratios[ROUNDS / 4], ratios[ROUNDS - 1 - ROUNDS / 4]);
  }

  /** A few creates on each of these routers, each client on another one; how many a second. */
  private double throughput(List<UUID> routers, int seconds) throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        counts.add(
            clients.submit(() -> {
              int writes = 0;
              UUID router = routers.getFirst();
              for (; System.nanoTime() < end; writes++) {
                if (writes % ON_ONE == 0) {
                  router = routers.get(nextRouter.getAndIncrement() % routers.size());
                }
                create(router);
              }
              return writes;
            }));
      }
      int all = 0;
      for (Future<Integer> count : counts) {
        all += count.get();
      }
      return all / (double) seconds;
    }
  }

  /** Placements that have not answered yet. */
  private long due() throws Exception {
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT ? - count(*) FROM placement p JOIN router r ON r.id = p.router_id"
                    + " WHERE p.observed_fence >= r.fence")) {
      statement.setLong(1, (long) NODES * ROUTERS);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static List<UUID> routers() {
    List<UUID> all = new ArrayList<>();
    for (int node = 1; node <= NODES; node++) {
      for (int i = 1; i <= ROUTERS; i++) {
        all.add(NodeCrowd.router(node, i));
      }
    }
    Collections.shuffle(all, new Random(7));
    return all;
  }

  private void create(UUID router) throws IOException {
    post(
        replicas.get(ThreadLocalRandom.current().nextInt(replicas.size())),
        "/v2.0/routers/" + router + "/conntrack_helpers",
        "{\"conntrack_helper\": {\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}}"
            .formatted(nextPort.incrementAndGet() % 65_000 + 1));
  }

  private UUID newRouter() throws IOException {
    String answer = post(replicas.getFirst(), "/v2.0/routers", "{\"router\": {}}");
    return UUID.fromString(answer.replaceAll("(?s).*?\"id\"\\s*:\\s*\"([0-9a-f-]+)\".*", "$1"));
  }

  private static String post(BenchService replica, String path, String body) throws IOException {
    return LeanClient.send("POST", replica.base() + path, body, 201);
  }

  private long ticks() throws IOException {
    long sum = 0;
    for (BenchService replica : replicas) {
      sum += replica.ticks();
    }
    return sum;
  }

  /** Bytes that live in both, after a collection. */
  private long heap() throws IOException {
    long sum = 0;
    for (BenchService replica : replicas) {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(replica.process().pid()),
                  "GC.class_histogram")
              .start();
      String text = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
      sum += Long.parseLong(text.substring(text.lastIndexOf("Total")).trim().split("\\s+")[2]);
    }
    return sum;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begin > 180_000_000_000L) {
        throw new IllegalStateException("not within three minutes");
      }
      LockSupport.parkNanos(100_000_000L);
    }
  }

  private static void awaitReady(BenchService replica) throws Exception {
    await(() -> {
      try {
        LeanClient.send("GET", replica.base() + "/v2.0/extensions", "", 200);
        return true;
      } catch (IOException e) {
        return false;
      }
    });
  }
}
