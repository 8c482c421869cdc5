package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.executor.RecordedReports.Report.Observed;
import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.lab.PrivateNetns;
import cthelper.model.DesiredState;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.testing.AtOnce;
import cthelper.testing.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hundreds of namespaces that are made and deleted at once, as when a network node starts or is
 * emptied: what is open is what is there, and what is gone is held by nobody.
 */
@ExtendWith(PrivateNetns.class)
@Timeout(300)
class NamespaceCrowdKernelTest {

  private static final int CROWD = 500;
  private static final int HANDS = 8;
  private static final int WITH_HELPERS = 50;
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path files;
  private final LabNamespace witness = new LabNamespace("witness-" + UUID.randomUUID());
  private final RecordedReports reports = new RecordedReports();
  private LocalExecutor executor;

  @BeforeEach
  void connect() {
    Command.of("ip", "netns", "add", witness.name()).after("unshare", "-n").run();
    executor =
        new LocalExecutor(
            TestSettings.of(
                Map.of("cthelper.data-dir", files.toString(), "cthelper.node-name", "node-1")),
            new ExecutorMetrics(new SimpleMeterRegistry()));
    executor.open();
    executor.connect(reports);
    reports.awaitOne(Connected.class, any -> true);
  }

  @AfterEach
  void close() throws IOException {
    executor.close();
    try (Stream<Path> left = Files.list(RouterNetns.DIRECTORY)) {
      ip("netns del ", left.map(path -> path.getFileName().toString()).toList());
    }
  }

  @Test
  void wavesOfFiveHundredLeaveNothingBehind() throws Exception {
    wave(); // loads what is loaded once
    Map<String, Long> descriptors = descriptors();
    List<String> threads = threads();
    for (int wave = 0; wave < 2; wave++) {
      wave();
      assertThat(descriptors()).isEqualTo(descriptors);
      assertThat(threads()).isEqualTo(threads);
    }
  }

  /** Deleting and making at the same time, some of the same names: the end is what counts. */
  @Test
  void whatIsMadeWhileOthersAreDeletedIsThere() throws Exception {
    List<RouterId> first = routers();
    List<RouterId> second = routers();
    byHands("netns add ", first);
    AtOnce.run(
        2,
        half -> {
          byHands(half == 0 ? "netns del " : "netns add ", half == 0 ? first : second);
          return half;
        });
    awaitOpen(second);
    byHands("netns add ", first.subList(0, 100));
    byHands("netns del ", second);
    awaitOpen(first.subList(0, 100));
    byHands("netns del ", first.subList(0, 100));
    awaitOpen(List.of());
  }

  private void wave() throws Exception {
    List<RouterId> routers = routers();
    byHands("netns add ", routers);
    awaitOpen(routers);
    nameToWitness(routers);
    int observed = reports.all(Observed.class).size();
    routers.stream().limit(WITH_HELPERS).forEach(this::desire);
    await().atMost(LONG).until(() -> reports.all(Observed.class).size() == observed + WITH_HELPERS);
    assertThat(reports.all(Observed.class).subList(observed, observed + WITH_HELPERS))
        .allMatch(it -> it.state() instanceof Held held && held.changed());

    byHands("netns del ", routers);
    awaitOpen(List.of());
    await().atMost(LONG).until(() -> !witnessKnowsAny());
  }

  private static List<RouterId> routers() {
    return Stream.generate(RouterId::random).limit(CROWD).toList();
  }

  private void desire(RouterId router) {
    executor.desire(
        new Placement(router, executor.identity().id(), "qrouter-" + router),
        new DesiredState(router, fence(1), List.of(helper(FTP, 21))));
  }

  private void awaitOpen(List<RouterId> routers) {
    TreeSet<String> expected = new TreeSet<>();
    routers.forEach(router -> expected.add("qrouter-" + router));
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          TreeSet<String> open = new TreeSet<>(executor.summary().namespaces());
          assertThat(open).isEqualTo(expected);
        });
  }

  /** The same for all of them, by several processes at once. */
  private static void byHands(String action, List<RouterId> routers) {
    IntFunction<Integer> hand =
        number -> {
          List<String> part =
              IntStream.range(0, routers.size())
                  .filter(i -> i % HANDS == number)
                  .mapToObj(i -> "qrouter-" + routers.get(i))
                  .toList();
          ip(action, part);
          return number;
        };
    try {
      AtOnce.run(HANDS, hand);
    } catch (Exception e) {
      throw new IllegalStateException(action, e);
    }
  }

  private static void ip(String action, List<String> names) {
    String lines = names.stream().map(name -> action + name + "\n").collect(Collectors.joining());
    Command.of("ip", "-batch", "-")
        .withInput(lines)
        .within(LONG)
        .after("unshare", "-n") // see Lab
        .run();
  }

  /**
   * The witness gives each namespace a number: the kernel takes it back when the namespace has
   * ceased to exist, whatever the directory shows. It does not keep it alive (ip-netns(8)).
   */
  private void nameToWitness(List<RouterId> routers) {
    atWitness(routers, i -> "netns set qrouter-" + routers.get(i) + " " + i);
    String known = atWitness(routers, i -> "netns list-id nsid " + i);
    assertThat(known.lines()).hasSize(routers.size());
  }

  private String atWitness(List<RouterId> routers, IntFunction<String> line) {
    String lines =
        IntStream.range(0, routers.size())
            .mapToObj(i -> line.apply(i) + "\n")
            .collect(Collectors.joining());
    return witness.command("ip", "-batch", "-").withInput(lines).run();
  }

  /** Lists the first 134 only, which is enough to see whether there are any. */
  private boolean witnessKnowsAny() {
    return !witness.command("ip", "netns", "list-id").run().isEmpty();
  }

  /** How many of each kind this process has open; libraries may be opened at any time. */
  private static Map<String, Long> descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.map(NamespaceCrowdKernelTest::kind)
          .filter(kind -> kind.matches("(socket|net|anon_inode):.*"))
          .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
  }

  private static String kind(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().replaceAll("\\d+", "N");
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The threads of the executor and of its packages. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("(namespace|apply).*"))
        .sorted()
        .toList();
  }
}
