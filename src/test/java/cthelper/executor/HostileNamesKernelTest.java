package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.lab.PrivateNetns;
import cthelper.model.RouterId;
import cthelper.testing.CapturedLog;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever lies in the namespace directory: only namespaces of routers are entered, nothing else is
 * even opened, and the log stays short and tells lines from names.
 */
@ExtendWith(PrivateNetns.class)
@Timeout(120)
class HostileNamesKernelTest extends WatchedDirectory {

  private final CapturedLog log = CapturedLog.of(EntryStory.class);
  private final RouterNetns router = RouterNetns.create(RouterId.random());
  private final LabNamespace foreign = new LabNamespace("qdhcp-" + UUID.randomUUID());

  @BeforeEach
  void plan() throws IOException {
    Command.of("ip", "netns", "add", foreign.name()).after("unshare", "-n").run();
    foreign.nft("table inet conntrack_helpers {\n chain forward {\n }\n}\n");
  }

  @AfterEach
  void close() {
    router.close();
    Command.of("ip", "netns", "del", foreign.name()).run();
    log.close();
  }

  private Path free() {
    return directory.resolve("qrouter-" + RouterId.random());
  }

  /** Names that are almost those of a router; all lead to a real namespace that is not ours. */
  private void placeAlmostRouters() throws IOException {
    String id = "5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1";
    List<String> names =
        List.of(
            "qrouter-",
            "snat-",
            "qrouter-" + id + "x",
            "qrouter-" + id.substring(1),
            "qrouter-" + id.replace('-', '_'),
            "qrouter-" + id.toUpperCase(Locale.ROOT),
            "QROUTER-" + id,
            "xqrouter-" + id,
            "qrouter-" + id + " name=x fence=1.1",
            "qrouter-" + id + "\n",
            "\nWARN forged namespace=qrouter-" + id,
            "\u001b[2Jqrouter-" + id,
            "qrouter-\"" + id,
            "qrouter-..",
            "...",
            " ",
            "-rf",
            "q".repeat(255),
            foreign.name());
    for (String name : names) {
      folder.bind(foreign.path(), Files.createFile(directory.resolve(name)));
    }
    for (String octal : List.of("qrouter-\\377\\376", "\\300\\257", "qrouter-" + id + "\\200")) {
      Command.of("sh", "-c", "touch \"$0/$(printf '" + octal + "')\"", directory.toString()).run();
    }
  }

  /** Names of routers that are no namespaces; none of these needs to be opened to know that. */
  private void placeWhatIsSeenToBeWrong() throws IOException {
    Files.createFile(free());
    Files.createDirectory(free());
    Command.of("mkfifo", free().toString()).run();
    Files.createSymbolicLink(free(), Path.of("/proc/self/ns/net"));
    Files.createSymbolicLink(free(), foreign.path());
    Files.createSymbolicLink(free(), Path.of("nowhere"));
    Path loop = free();
    Files.createSymbolicLink(loop, loop);
    folder.bind(Path.of("/dev/null"), Files.createFile(free()));
  }

  /** Names of routers on which something else than a network namespace is mounted. */
  private void placeWhatIsFoundToBeWrong() throws IOException {
    folder.bind(Path.of("/proc/self/ns/uts"), Files.createFile(free()));
    folder.bind(Path.of("/proc/version"), Files.createFile(free()));
  }

  @Test
  void onlyNamespacesOfRoutersAreEnteredAndNothingElseIsOpened() throws Exception {
    String before = foreign.command("nft", "--handle", "list", "ruleset").run();
    placeAlmostRouters();
    placeWhatIsSeenToBeWrong();
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        NamespaceWatch watch = watch()) {
      socket.bind(UnixDomainSocketAddress.of(free()));
      placeWhatIsSeenToBeWrong();
      Path real = folder.place(router);
      await().until(() -> !open(watch).isEmpty());
      awaitLines(17);
      assertThat(log.lines()).allMatch(HostileNamesKernelTest::isOneComplaint);
      assertThat(calls.opened())
          .filteredOn(path -> path.startsWith(directory.toString()))
          .containsOnly(real.toString());

      placeWhatIsFoundToBeWrong();
      placeWhatIsFoundToBeWrong();
      awaitLines(22);
      assertThat(log.lines().subList(17, 20)).allMatch(HostileNamesKernelTest::isOneComplaint);
      assertThat(log.lines().get(20)).startsWith("DEBUG namespace cannot be entered");
      assertThat(log.lines().get(21))
          .isEqualTo("WARN more than 20 names cannot be entered; the others are told at DEBUG");
      assertThat(open(watch)).containsExactly(router.name().text());
    }
    assertThat(foreign.command("nft", "--handle", "list", "ruleset").run()).isEqualTo(before);
  }

  private void awaitLines(int number) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(log.lines()).hasSize(number));
  }

  private static boolean isOneComplaint(String line) {
    return line.matches(
        "WARN namespace cannot be entered namespace=qrouter-[0-9a-f-]{36}"
            + " reason=namespace-not-enterable detail=\"[a-z ]+\"; it is looked at again when"
            + " something is mounted, and every minute");
  }

  @Test
  void aDirectoryFullOfOtherThingsKeepsNoRouterOut() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      Files.createFile(directory.resolve("file-" + i));
    }
    for (int i = 0; i < 500; i++) {
      Files.createFile(free());
    }
    try (NamespaceWatch watch = watch()) {
      folder.place(router);
      await().until(() -> open(watch).equals(List.of(router.name().text())));
      Files.delete(folder.path().resolve("file-0"));
      awaitLines(501);
      assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(21);
    }
  }
}
