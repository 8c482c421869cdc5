package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cthelper.config.OpenFiles;
import cthelper.executor.RecordedReports.Report.Appeared;
import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.executor.RecordedReports.Report.Vanished;
import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import cthelper.model.RouterId;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import cthelper.node.NodeNamespace;
import cthelper.testing.CapturedLog;
import cthelper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The open namespaces are those of the directory, whatever happens there, and none is held on to.
 */
@ExtendWith(PrivateNetns.class)
@Timeout(60)
class NamespaceWatchKernelTest {

  @TempDir Path temporary;
  private final LinuxSystemCalls calls = new LinuxSystemCalls();
  private final NamespaceDoor door = new NamespaceDoor(calls);
  private final RecordedReports reports = new RecordedReports();

  @AfterEach
  void close() {
    door.close();
  }

  private NamespaceWatch watch(Path directory) throws IOException {
    return NamespaceWatch.start(
        directory, door, calls, () -> new OpenFiles(4096), EntryPace.NORMAL, new Unheard());
  }

  /** Also reports to {@link #reports}, and returns when they have begun. */
  private NamespaceWatch reportingWatch() throws IOException {
    NamespaceWatch watch = watch(RouterNetns.DIRECTORY);
    watch.reportTo(RecordedReports.NODE, reports);
    reports.awaitOne(Connected.class, any -> true);
    return watch;
  }

  private static List<String> open(NamespaceWatch watch) {
    return watch.namespaces().all().stream()
        .map(namespace -> namespace.name().text())
        .sorted()
        .toList();
  }

  private Appeared awaitAppearance(RouterNetns netns) {
    return reports.awaitOne(
        Appeared.class, it -> it.namespace().name().equals(netns.name().text()));
  }

  @Test
  void thoseThatAreThereAtTheStartAreOpenAtOnce() throws IOException {
    RouterId router = RouterId.random();
    try (RouterNetns netns = RouterNetns.create(router);
        RouterNetns sourceNat = RouterNetns.create("snat-" + router);
        NamespaceWatch watch = watch(RouterNetns.DIRECTORY)) {
      assertThat(open(watch))
          .containsExactlyInAnyOrder(netns.name().text(), sourceNat.name().text());
    }
  }

  @Test
  void theInventoryNamesThemAsTheReconcilerNeedsThem() throws IOException {
    RouterId router = RouterId.random();
    try (RouterNetns netns = RouterNetns.create(router);
        RouterNetns sourceNat = RouterNetns.create("snat-" + router);
        NamespaceWatch watch = reportingWatch()) {
      assertThat(reports.all(Connected.class).getFirst().inventory())
          .containsExactlyInAnyOrder(
              new NodeNamespace(netns.name().text(), router, true, cookie(watch, netns)),
              new NodeNamespace(sourceNat.name().text(), router, false, cookie(watch, sourceNat)));
    }
  }

  private static long cookie(NamespaceWatch watch, RouterNetns netns) {
    return watch.namespaces().find(netns.name().text()).orElseThrow().socket().cookie();
  }

  @Test
  void oneThatIsMadeLaterAppears() throws IOException {
    try (NamespaceWatch watch = reportingWatch();
        RouterNetns netns = RouterNetns.create(RouterId.random())) {
      Appeared appeared = awaitAppearance(netns);
      assertThat(appeared.namespace().router()).isEqualTo(netns.name().router());
      assertThat(open(watch)).containsExactly(netns.name().text());
    }
  }

  @Test
  void otherNamesAreNotEntered() throws IOException {
    String dhcp = "qdhcp-" + RouterId.random();
    Command.of("ip", "netns", "add", dhcp).after("unshare", "-n").run();
    try (NamespaceWatch watch = reportingWatch();
        RouterNetns netns = RouterNetns.create(RouterId.random())) {
      awaitAppearance(netns);
      assertThat(open(watch)).containsExactly(netns.name().text());
    } finally {
      Command.of("ip", "netns", "del", dhcp).run();
    }
  }

  @Test
  void aDeletedOneVanishesAndTheKernelLetsItGo() throws IOException {
    try (NamespaceWatch watch = reportingWatch();
        RouterNetns netns = RouterNetns.create(RouterId.random());
        RouterNetns witness = RouterNetns.create(RouterId.random())) {
      awaitAppearance(netns);
      netns.wireTo(witness);

      netns.delete();

      Vanished vanished = reports.awaitOne(Vanished.class, any -> true);
      assertThat(vanished.namespace().name()).isEqualTo(netns.name().text());
      assertThat(watch.namespaces().find(netns.name().text())).isEmpty();
      await().until(() -> !witness.hasWire());
    }
  }

  @Test
  void oneMadeAnewUnderTheSameNameIsAnother() throws IOException {
    RouterId router = RouterId.random();
    try (NamespaceWatch watch = reportingWatch();
        RouterNetns first = RouterNetns.create(router)) {
      long before = awaitAppearance(first).namespace().cookie();
      first.delete();
      try (RouterNetns second = RouterNetns.create(router)) {
        Appeared after = reports.awaitOne(Appeared.class, it -> it.namespace().cookie() != before);
        assertThat(after.namespace().name()).isEqualTo(second.name().text());
        assertThat(cookie(watch, second)).isEqualTo(after.namespace().cookie());
      }
    }
  }

  @Test
  void afterManyQuickChangesWhatIsOpenIsWhatIsThere() throws IOException {
    RouterId router = RouterId.random();
    try (NamespaceWatch watch = reportingWatch()) {
      for (int i = 0; i < 20; i++) {
        RouterNetns.create(router).delete();
      }
      try (RouterNetns last = RouterNetns.create(router)) {
        long cookie = cookieOf(last);
        await()
            .until(() ->
                watch
                    .namespaces()
                    .find(last.name().text())
                    .filter(found -> found.socket().cookie() == cookie)
                    .isPresent());
      }
    }
  }

  /** Asked through another socket. */
  private long cookieOf(RouterNetns netns) {
    try (NamespaceSocket socket = ((Opening.Opened) door.open(netns.path())).socket()) {
      return socket.cookie();
    }
  }

  /** A plain file stays a name that is no namespace: it is tried, said once, and harms nobody. */
  @Test
  void aFileThatIsNoNamespaceKeepsNobodyOut() throws IOException {
    Path file = RouterNetns.DIRECTORY.resolve("qrouter-" + RouterId.random());
    Files.createFile(file);
    try (CapturedLog log = CapturedLog.of(EntryStory.class);
        NamespaceWatch watch = reportingWatch();
        RouterNetns netns = RouterNetns.create(RouterId.random())) {
      awaitAppearance(netns);
      assertThat(open(watch)).containsExactly(netns.name().text());
      await().until(() -> !log.lines().isEmpty());
      assertThat(log.lines())
          .containsExactly(
              "WARN namespace cannot be entered namespace="
                  + file.getFileName()
                  + " reason=namespace-not-enterable detail=\"nothing is mounted there\"; it"
                  + " is looked at again when something is mounted, and every minute");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path link = RouterNetns.DIRECTORY.resolve("qrouter-" + RouterId.random());
    Files.createSymbolicLink(link, Path.of("/proc/self/ns/net"));
    try (NamespaceWatch watch = reportingWatch();
        RouterNetns netns = RouterNetns.create(RouterId.random())) {
      awaitAppearance(netns);
      assertThat(open(watch)).containsExactly(netns.name().text());
    } finally {
      Files.delete(link);
    }
  }

  @Test
  void whileAnotherExecutorWorksHereTheStartIsRefused() throws IOException {
    try (ChildJvm other =
        ChildJvm.start(temporary, ExecutorLockProgram.class, RouterNetns.DIRECTORY.toString())) {
      assertThat(other.answer()).isEqualTo("taken");
      assertThatThrownBy(() -> watch(RouterNetns.DIRECTORY))
          .isInstanceOf(ExecutorUnavailable.class)
          .hasMessage(
              "executor: another executor already works on /run/netns: stop it, or set"
                  + " CTHELPER_NETNS_DIR to another directory");
    }
  }

  @Test
  void aDirectoryThatIsMadeLaterIsFound() throws IOException {
    Path directory = temporary.resolve("later/netns");
    try (RouterNetns netns = RouterNetns.create(RouterId.random());
        NamespaceWatch watch = watch(directory)) {
      assertThat(open(watch)).isEmpty();
      Path name = mount(netns, Files.createDirectories(directory));
      try {
        await().until(() -> open(watch).equals(List.of(netns.name().text())));
      } finally {
        Command.of("umount", name.toString()).run();
      }
    }
  }

  /** As {@code ip netns add} does it, but in another directory. */
  private static Path mount(RouterNetns netns, Path directory) throws IOException {
    Path name = Files.createFile(directory.resolve(netns.name().text()));
    Command.of("mount", "--bind", netns.path().toString(), name.toString()).run();
    return name;
  }

  @Test
  void aDirectoryThatAnotherExecutorHasIsTakenOverWhenThatOneEnds() throws IOException {
    Path directory = temporary.resolve("later");
    try (RouterNetns netns = RouterNetns.create(RouterId.random());
        CapturedLog log = CapturedLog.of(NamespaceWatch.class);
        NamespaceWatch watch = watch(directory)) {
      Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
      Path name = mount(netns, elsewhere);
      try (ChildJvm other =
          ChildJvm.start(temporary, ExecutorLockProgram.class, elsewhere.toString())) {
        assertThat(other.answer()).isEqualTo("taken");
        Files.move(elsewhere, directory);
        await().until(() -> !log.lines().isEmpty());
        assertThat(open(watch)).isEmpty();

        other.kill();

        await().until(() -> open(watch).equals(List.of(netns.name().text())));
        assertThat(log.lines())
            .containsExactly(
                "WARN namespace directory cannot be locked: "
                    + directory
                    + ": another executor works on it; trying every second",
                "INFO namespace directory is locked now: " + directory);
      } finally {
        Command.of("umount", directory.resolve(name.getFileName()).toString()).run();
      }
    }
  }

  @Test
  void closingLetsEveryNamespaceGo() throws IOException {
    try (RouterNetns netns = RouterNetns.create(RouterId.random());
        RouterNetns witness = RouterNetns.create(RouterId.random())) {
      netns.wireTo(witness);
      watch(RouterNetns.DIRECTORY).close();
      netns.delete();
      await().until(() -> !witness.hasWire());
    }
  }
}
