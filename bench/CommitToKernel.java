import cthelper.netfilter.HelperTable;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import cthelper.netfilter.TableReading;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * How long after the answer to a POST the kernel of the router's namespace holds the helper, and as
 * a baseline in the same run how long forking {@code nft} takes for one such change.
 *
 * <p>Starts a service of its own with its own data and one namespace. Run by {@code ./run bench}.
 */
final class CommitToKernel {

  private static final int WARM_UP = 100;
  private static final int ROUNDS = 400;
  private static final long LIMIT_NANOS = 5_000_000_000L;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String router;
  private final NamespaceSocket socket;
  private final HelperTable table;

  private CommitToKernel(String base, String router, NamespaceSocket socket) {
    this.base = base;
    this.router = router;
    this.socket = socket;
    this.table = new HelperTable(new UUID(0, 0));
  }

  public static void main(String... arguments) throws Exception {
    String router = UUID.randomUUID().toString();
    String namespace = "qrouter-" + router;
    run("ip", "netns", "add", namespace);
    try (BenchService service = BenchService.start();
        NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls())) {
      String base = service.base();
      awaitRouter(base, router);
      Path file = Path.of("/run/netns", namespace);
      if (door.open(file) instanceof Opening.Opened(NamespaceSocket socket)) {
        try (socket) {
          new CommitToKernel(base, router, socket).measure(namespace);
        }
      } else {
        throw new IllegalStateException("cannot enter " + file);
      }
    } finally {
      run("ip", "netns", "del", namespace);
    }
  }

  private void measure(String namespace) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      createAndDelete(20_000 + i, new long[2]);
    }
    long[] answer = new long[ROUNDS];
    long[] kernel = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long[] nanos = new long[2];
      createAndDelete(30_000 + i, nanos);
      answer[i] = nanos[0];
      kernel[i] = nanos[1];
    }
    long[] fork = new long[50];
    run("ip", "netns", "exec", namespace, "nft", "add table inet bench");
    run("ip", "netns", "exec", namespace, "nft", "add set inet bench s { type inet_service; }");
    for (int i = 0; i < fork.length; i++) {
      long begin = System.nanoTime();
      run("ip", "netns", "exec", namespace, "nft", "add element inet bench s { " + (i + 1) + " }");
      fork[i] = System.nanoTime() - begin;
    }
    print("POST sent -> answered", answer);
    print("POST answered -> in the kernel", kernel);
    print("baseline: one change by forking nft", fork);
    System.out.printf(
        "ratio answered->kernel / fork (p50): %.2f%n", median(kernel) / (double) median(fork));
  }

  private void createAndDelete(int port, long[] nanos) throws Exception {
    String url = base + "/v2.0/routers/" + router + "/conntrack_helpers";
    String body =
        "{\"conntrack_helper\": {\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}}"
            .formatted(port);
    long sent = System.nanoTime();
    HttpResponse<String> created =
        send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body)));
    long answered = System.nanoTime();
    if (created.statusCode() != 201) {
      throw new IllegalStateException(created.body());
    }
    awaitKernel(port, true, answered);
    nanos[0] = answered - sent;
    nanos[1] = System.nanoTime() - answered;
    String id = created.body().replaceAll(".*\"id\"\\s*:\\s*\"([0-9a-f-]+)\".*", "$1");
    send(HttpRequest.newBuilder(URI.create(url + "/" + id)).DELETE());
    awaitKernel(port, false, System.nanoTime());
  }

  private void awaitKernel(int port, boolean present, long since) {
    while (holds(port) != present) {
      if (System.nanoTime() - since > LIMIT_NANOS) {
        throw new IllegalStateException("port " + port + " not as expected after 5 s");
      }
      Thread.onSpinWait();
    }
  }

  /** Asked as a stranger: to another installation the table is foreign, so any table counts. */
  private boolean holds(int port) {
    return switch (table.read(socket)) {
      case TableReading.Absent absent -> false;
      default -> true;
    };
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static void awaitRouter(String base, String router) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    URI uri = URI.create(base + "/v2.0/routers/" + router);
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < 60_000_000_000L) {
      try {
        if (http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode()
            == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("the service did not adopt " + router);
  }

  private static void run(String... command) throws Exception {
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(List.of(command) + " ended with " + code);
    }
  }

  private static void print(String title, long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "%-36s n=%d  p50 %.2f ms  p95 %.2f ms  p99 %.2f ms  max %.2f ms%n",
        title,
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 95 / 100] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }

  private static long median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
