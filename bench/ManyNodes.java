import static java.nio.charset.StandardCharsets.UTF_8;

import cthelper.stream.NodeCrowd;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * What 1,000 nodes with 10 routers each cost a process with API and reconciler, whose streams are
 * real and whose kernels are not: its processor and heap while nothing happens, how long after the
 * answer to a write all placements have answered, at 200 writes a second, and what the nodes take
 * from the throughput of writes. Nodes, clients, service and database share the machine.
 */
final class ManyNodes {

  private static final int NODES = Integer.getInteger("nodes", 1000);
  private static final int ROUTERS = 10;
  private static final int CLIENTS = 16;
  private static final int WRITES_A_SECOND = 200;
  private static final int SECONDS = 20;
  private static final int TICKS_A_SECOND = 100;

  private final BenchService service;
  private int nextPort;

  private ManyNodes(BenchService service) {
    this.service = service;
  }

  public static void main(String... arguments) throws Exception {
    System.setProperty("http.maxConnections", Integer.toString(CLIENTS));
    try (BenchService service = BenchService.startWithNodeStream()) {
      new ManyNodes(service).measure();
    }
  }

  private void measure() throws Exception {
    awaitReady();
    List<UUID> lonely = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      lonely.add(newRouter());
    }
    throughput(lonely, SECONDS);
    long before = heap();
    try (NodeCrowd crowd = new NodeCrowd(NODES, ROUTERS, List.of(service.nodeStream()))) {
      long begin = System.nanoTime();
      await(() -> crowd.connected() == NODES && due() == 0);
      System.out.printf(
          "%d nodes with %d routers each: all known and answered after %.1f s%n",
          NODES, ROUTERS, (System.nanoTime() - begin) / 1e9);
      idle(before);
      // Alternating, because the machine changes its mind.
      List<UUID> placed = routers();
      double[] ratios = new double[3];
      for (int i = 0; i < ratios.length; i++) {
        double alone = throughput(lonely, SECONDS / 2);
        double with = throughput(placed.subList(i * CLIENTS, (i + 1) * CLIENTS), SECONDS / 2);
        ratios[i] = with / alone;
        System.out.printf(
            "writes a second: %.0f on routers without, %.0f with placement, ratio %.2f%n",
            alone, with, ratios[i]);
      }
      Arrays.sort(ratios);
      System.out.printf("median ratio %.2f%n", ratios[1]);
      observed(placed);
    }
  }

  private void idle(long before) throws Exception {
    LockSupport.parkNanos(5_000_000_000L);
    long ticks = ticks();
    LockSupport.parkNanos(SECONDS * 1_000_000_000L);
    double share = (ticks() - ticks) / (double) TICKS_A_SECOND / SECONDS;
    System.out.printf(
        "%d idle streams: %.1f %% of one core, heap %.1f KB each%n",
        NODES, 100 * share, (heap() - before) / 1024.0 / NODES);
  }

  /** Creates on these routers, one client each; how many a second. */
  private double throughput(List<UUID> routers, int seconds) throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Integer>> counts = new ArrayList<>();
      for (UUID router : routers) {
        counts.add(
            clients.submit(() -> {
              int writes = 0;
              while (System.nanoTime() < end) {
                create(router);
                writes++;
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

  /** From the answer to a write until its placement has answered, seen in the database. */
  private void observed(List<UUID> routers) throws Exception {
    List<Long> took = new ArrayList<>();
    Random random = new Random(1);
    long begin = System.nanoTime();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        Connection connection = connect();
        PreparedStatement settled =
            connection.prepareStatement(
                "SELECT p.observed_fence >= ? FROM placement p WHERE p.router_id = ?");
        PreparedStatement fence =
            connection.prepareStatement("SELECT fence FROM router WHERE id = ?")) {
      List<Write> open = new ArrayList<>();
      int writes = WRITES_A_SECOND * SECONDS;
      List<Future<Write>> answers = new ArrayList<>();
      for (int i = 0; i < writes; i++) {
        LockSupport.parkNanos(begin + i * 1_000_000_000L / WRITES_A_SECOND - System.nanoTime());
        UUID router = routers.get(random.nextInt(routers.size()));
        answers.add(
            clients.submit(() -> {
              create(router);
              return new Write(router, System.nanoTime());
            }));
        if (i % 4 == 0) {
          look(answers, open, fence, settled, took);
        }
      }
      while (took.size() < writes && System.nanoTime() - begin < 2L * SECONDS * 1_000_000_000L) {
        look(answers, open, fence, settled, took);
      }
      System.out.printf(
          "%d writes a second, %d of %d answered by their placement:%n",
          WRITES_A_SECOND, took.size(), writes);
    }
    long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "write -> placement observed p50 %.1f  p95 %.1f  p99 %.1f  max %.1f ms%n",
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 95 / 100] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }

  private static final class Write {
    private final UUID router;
    private final long answered;
    private long fence;

    Write(UUID router, long answered) {
      this.router = router;
      this.answered = answered;
    }
  }

  /** A later write of the router makes the answer to an earlier one wait, which is counted, too. */
  private static void look(
      List<Future<Write>> answers,
      List<Write> open,
      PreparedStatement fence,
      PreparedStatement settled,
      List<Long> took)
      throws Exception {
    for (Future<Write> answer : List.copyOf(answers)) {
      if (answer.isDone()) {
        answers.remove(answer);
        Write write = answer.get();
        fence.setObject(1, write.router);
        write.fence = number(fence);
        open.add(write);
      }
    }
    for (Write write : List.copyOf(open)) {
      settled.setLong(1, write.fence);
      settled.setObject(2, write.router);
      if (isTrue(settled)) {
        took.add(System.nanoTime() - write.answered);
        open.remove(write);
      }
    }
  }

  private static long number(PreparedStatement statement) throws Exception {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static boolean isTrue(PreparedStatement statement) throws Exception {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** Placements that have not answered yet. */
  private long due() throws Exception {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT ? - count(*) FROM placement p JOIN router r ON r.id = p.router_id"
                    + " WHERE p.observed_fence >= r.fence")) {
      statement.setLong(1, (long) NODES * ROUTERS);
      return number(statement);
    }
  }

  private static List<UUID> routers() {
    List<UUID> all = new ArrayList<>();
    for (int node = 1; node <= NODES; node++) {
      for (int i = 1; i <= ROUTERS; i++) {
        all.add(NodeCrowd.router(node, i));
      }
    }
    java.util.Collections.shuffle(all, new Random(7));
    return all;
  }

  private synchronized int port() {
    nextPort = nextPort % 65_000 + 1;
    return nextPort;
  }

  private void create(UUID router) throws IOException {
    send(
        "/v2.0/routers/" + router + "/conntrack_helpers",
        "{\"conntrack_helper\": {\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}}"
            .formatted(port()));
  }

  private UUID newRouter() throws IOException {
    String answer = send("/v2.0/routers", "{\"router\": {}}");
    return UUID.fromString(answer.replaceAll("(?s).*?\"id\"\\s*:\\s*\"([0-9a-f-]+)\".*", "$1"));
  }

  private String send(String path, String body) throws IOException {
    HttpURLConnection call =
        (HttpURLConnection) URI.create(service.base() + path).toURL().openConnection();
    call.setRequestMethod("POST");
    call.setDoOutput(true);
    call.getOutputStream().write(body.getBytes(UTF_8));
    if (call.getResponseCode() != 201) {
      throw new IllegalStateException("answered " + call.getResponseCode() + ": " + path);
    }
    try (InputStream answer = call.getInputStream()) {
      return new String(answer.readAllBytes(), UTF_8);
    }
  }

  private Connection connect() throws Exception {
    Path data = service.data();
    String port = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3);
    String password = Files.readString(data.resolve("postgres-password")).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", password);
  }

  /** Of the service's process: user and system time, proc_pid_stat(5). */
  private long ticks() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + service.process().pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** Bytes that live, after a collection. */
  private long heap() throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(service.process().pid()),
                "GC.class_histogram")
            .start();
    String text = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    String[] total = text.substring(text.lastIndexOf("Total")).trim().split("\\s+");
    return Long.parseLong(total[2]);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begin > 120_000_000_000L) {
        throw new IllegalStateException("not within two minutes");
      }
      LockSupport.parkNanos(100_000_000L);
    }
  }

  private void awaitReady() throws Exception {
    await(() -> {
      try {
        newRouter();
        return true;
      } catch (IOException e) {
        return false;
      }
    });
  }
}
