import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How many conntrack helpers a second 16 clients create, each on a router of its own, with durable
 * writes; how long reading takes beside 15 others; and what PostgreSQL itself makes of the same
 * statements. Clients, service and database share the machine. Run by {@code ./run bench}.
 */
final class ApiLoad {

  private static final int CLIENTS = 16;
  private static final long WARM_UP_NANOS = 180_000_000_000L;
  private static final long MEASURED_NANOS = 10_000_000_000L;
  private static final int LISTED = 1000;

  /** As many as a router may have by default. */
  private static final int HELPERS = 256;

  private final String base;
  private final Path data;

  private ApiLoad(String base, Path data) {
    this.base = base;
    this.data = data;
  }

  public static void main(String... arguments) throws Exception {
    try (BenchService service = BenchService.start()) {
      ApiLoad load = new ApiLoad(service.base(), service.data());
      load.awaitReady();
      load.measure();
    }
  }

  private void measure() throws Exception {
    together(_ -> new Creator()::create, WARM_UP_NANOS);
    long[] creates = together(_ -> new Creator()::create, MEASURED_NANOS);
    print("16 clients create", creates);
    long[] inserts = together(_ -> new Inserter()::insert, MEASURED_NANOS);
    print("16 connections insert, PostgreSQL alone", inserts);
    System.out.printf(
        "creates a second %.0f, inserts a second %.0f%n", perSecond(creates), perSecond(inserts));

    String helper = new Creator().create();
    together(_ -> () -> get(helper), WARM_UP_NANOS / 6);
    print("16 clients show one", together(_ -> () -> get(helper), MEASURED_NANOS));
    for (int each : new int[] {20, 60, 100}) {
      print(
          "16 clients show one, each %d a second".formatted(each), paced(() -> get(helper), each));
    }

    String list = routers() + newRouter() + "/conntrack_helpers";
    post(
        list,
        IntStream.rangeClosed(1, LISTED)
            .mapToObj("{\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}"::formatted)
            .collect(Collectors.joining(",", "{\"conntrack_helpers\": [", "]}")));
    times(() -> get(list), 300);
    print("one client lists 1,000", times(() -> get(list), 300));
  }

  /** What one client does again and again. */
  private interface Work {
    void run() throws Exception;
  }

  private interface Client {
    Work of(int number) throws Exception;
  }

  /** How long each call took, of all clients together. */
  private static long[] together(Client client, long nanos) throws Exception {
    List<Callable<List<Long>>> loops = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Work work = client.of(i);
      loops.add(() -> loop(work, nanos));
    }
    return all(loops);
  }

  private static long[] all(List<Callable<List<Long>>> loops) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> loop : threads.invokeAll(loops)) {
        all.addAll(loop.get());
      }
      return all.stream().mapToLong(Long::longValue).toArray();
    }
  }

  private static List<Long> loop(Work work, long nanos) throws Exception {
    List<Long> took = new ArrayList<>();
    long begin = System.nanoTime();
    for (long before = begin; before - begin < nanos; ) {
      work.run();
      long after = System.nanoTime();
      took.add(after - before);
      before = after;
    }
    return took;
  }

  /** Each client by the clock: how long after it should have begun each call was answered. */
  private static long[] paced(Work work, int aSecond) throws Exception {
    long pace = 1_000_000_000L / aSecond;
    List<Callable<List<Long>>> loops = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < CLIENTS; i++) {
      long first = begin + i * pace / CLIENTS;
      loops.add(() -> {
        List<Long> took = new ArrayList<>();
        for (long due = first; due - begin < MEASURED_NANOS; due += pace) {
          LockSupport.parkNanos(due - System.nanoTime());
          work.run();
          took.add(System.nanoTime() - due);
        }
        return took;
      });
    }
    return all(loops);
  }

  private static long[] times(Work work, int number) throws Exception {
    long[] took = new long[number];
    for (int i = 0; i < number; i++) {
      long before = System.nanoTime();
      work.run();
      took[i] = System.nanoTime() - before;
    }
    return took;
  }

  /**
   * Creates helpers on a router of its own, and goes on with another when it has as many as one
   * may.
   */
  private final class Creator {

    private String url = "";
    private int port = HELPERS;

    String create() throws Exception {
      if (port == HELPERS) {
        url = routers() + newRouter() + "/conntrack_helpers";
        port = 0;
      }
      port++;
      String body =
          "{\"conntrack_helper\": {\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}}"
              .formatted(port);
      return url + "/" + id(post(url, body));
    }
  }

  /** The two statements of a create, in a transaction, over a connection of its own. */
  private final class Inserter {

    private final Connection connection;
    private final PreparedStatement update;
    private final PreparedStatement insert;
    private int port;

    Inserter() throws Exception {
      UUID router = UUID.fromString(newRouter());
      connection = connect();
      connection.setAutoCommit(false);
      update =
          connection.prepareStatement(
              "UPDATE router SET revision_number = revision_number + 1, updated_at = now(),"
                  + " fence = nextval('fence'), fence_drawn_at = clock_timestamp() WHERE id = ?");
      update.setObject(1, router);
      insert =
          connection.prepareStatement(
              "INSERT INTO conntrack_helper (router_id, protocol, port, helper)"
                  + " VALUES (?, 'tcp', ?, 'ftp')");
      insert.setObject(1, router);
    }

    void insert() throws Exception {
      port++;
      insert.setInt(2, port);
      update.executeUpdate();
      insert.executeUpdate();
      connection.commit();
    }
  }

  private Connection connect() throws Exception {
    String port = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3);
    String password = Files.readString(data.resolve("postgres-password")).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", password);
  }

  private static void get(String url) throws IOException {
    LeanClient.send("GET", url, "", 200);
  }

  private static String post(String url, String body) throws IOException {
    return LeanClient.send("POST", url, body, 201);
  }

  private String routers() {
    return base + "/v2.0/routers/";
  }

  private String newRouter() throws Exception {
    return id(post(base + "/v2.0/routers", "{\"router\": {}}"));
  }

  private static String id(String answer) {
    return answer.replaceAll("(?s).*?\"id\"\\s*:\\s*\"([0-9a-f-]+)\".*", "$1");
  }

  private void awaitReady() throws Exception {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < 60_000_000_000L) {
      try {
        get(base + "/v2.0/extensions");
        return;
      } catch (IOException e) {
        Thread.sleep(50); // not listening yet
      }
    }
    throw new IllegalStateException("the service did not become ready");
  }

  private static double perSecond(long[] calls) {
    return calls.length * 1e9 / MEASURED_NANOS;
  }

  private static void print(String title, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%-40s n=%-6d p50 %7.2f  p95 %7.2f  p99 %7.2f  max %7.2f ms%n",
        title,
        nanos.length,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 95 / 100] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length - 1] / 1e6);
  }
}
