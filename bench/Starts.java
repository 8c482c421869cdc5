import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long an executor takes from its start until it says that it is ready, and how much memory it
 * has three seconds later: as {@code start} starts it, with the AOT cache of its role; the same
 * without the cache; and as the whole service is started. With the two capabilities of a pod, and
 * with all of root's, which it gives up by starting twice. Rounds alternate.
 */
final class Starts {

  private static final int ROUNDS = 5;
  private static final Path APPLICATION = Path.of("target/quarkus-app").toAbsolutePath();
  private static final List<String> POD =
      List.of(
          "setpriv",
          "--bounding-set=-all,+sys_admin,+net_admin",
          "--inh-caps=-all",
          "--no-new-privs");
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private record Variant(String name, List<String> command, List<Long> millis, List<Long> kib) {
    static Variant of(String name, List<String> wrapper, List<String> command) {
      List<String> all = new ArrayList<>(wrapper);
      all.addAll(command);
      return new Variant(name, all, new ArrayList<>(), new ArrayList<>());
    }
  }

  private Starts() {}

  public static void main(String[] arguments) throws Exception {
    List<String> start = List.of(APPLICATION.resolve("start").toString());
    ProcessBuilder learn = new ProcessBuilder(start.getFirst(), "--learn", "executor").inheritIO();
    learn.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (learn.start().waitFor() != 0) {
      throw new IllegalStateException("nothing was learned");
    }
    List<String> started = commandLineOf(start);
    List<String> without =
        started.stream().filter(word -> !word.startsWith("-XX:AOTCache")).toList();
    List<String> service =
        List.of(JAVA, "-XX:+UseSerialGC", "-Xmx256m", "-Xss512k", "-jar", without.getLast());
    List<Variant> variants =
        List.of(
            Variant.of("pod, start", POD, start),
            Variant.of("pod, without cache", POD, without),
            Variant.of("pod, flags of the service", POD, service),
            Variant.of("root, start", List.of(), start),
            Variant.of("root, without cache", List.of(), without),
            Variant.of("root, flags of the service", List.of(), service));
    for (int round = 0; round < ROUNDS; round++) {
      for (Variant variant : variants) {
        measure(variant);
      }
    }
    for (Variant variant : variants) {
      System.out.printf(
          "%-28s ready after %4d ms (%4d to %4d), %3d MiB (%d to %d)%n",
          variant.name(),
          median(variant.millis()),
          variant.millis().getFirst(),
          variant.millis().getLast(),
          median(variant.kib()) / 1024,
          variant.kib().getFirst() / 1024,
          variant.kib().getLast() / 1024);
    }
  }

  private static List<String> commandLineOf(List<String> command) throws Exception {
    Variant once = Variant.of("", List.of(), command);
    return Arrays.asList(measure(once).split("\0"));
  }

  /** Starts it once; returns the command line it had in the end. */
  private static String measure(Variant variant) throws Exception {
    Path data = Files.createTempDirectory("cthelper-bench");
    ProcessBuilder builder =
        new ProcessBuilder(variant.command())
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("CTHELPER_DATA_DIR", data.resolve("data").toString());
    builder.environment().put("CTHELPER_ROLES", "executor");
    builder.environment().put("CTHELPER_EXECUTOR_CONTROL_PLANE", "127.0.0.1:9");
    builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(BenchService.freePort()));
    long began = System.nanoTime();
    Process process = builder.start();
    try {
      awaitReady(process, data.resolve("log"));
      variant.millis().add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
      String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
      variant.kib().add(Long.parseLong(status.replaceFirst("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1")));
      variant.millis().sort(null);
      variant.kib().sort(null);
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    } finally {
      process.destroy();
      process.waitFor();
      new ProcessBuilder("rm", "-rf", data.toString()).inheritIO().start().waitFor();
    }
  }

  /** It says so when it has opened the executor, and not before. */
  private static void awaitReady(Process process, Path log) throws IOException {
    while (!Files.readString(log).contains("service is ready")) {
      if (!process.isAlive()) {
        throw new IOException(Files.readString(log));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static long median(List<Long> sorted) {
    return sorted.get(sorted.size() / 2);
  }
}
