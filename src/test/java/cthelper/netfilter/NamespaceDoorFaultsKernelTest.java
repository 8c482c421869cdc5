package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.netfilter.ManualPages.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whichever call fails on the way into a real namespace and back, in whatever way the manual knows:
 * the door answers, nothing stays open, no thread stays inside, and the next one gets in.
 */
class NamespaceDoorFaultsKernelTest {

  private static final Path THREADS = Path.of("/proc/self/task");

  private static TestNamespace namespace;
  private static long cookie;

  private final FaultyCalls faulty = new FaultyCalls();
  private final NamespaceDoor door = new NamespaceDoor(faulty.calls());

  @BeforeAll
  static void makeNamespace() {
    namespace = TestNamespace.create();
    try (NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls())) {
      cookie = cookie(door);
    }
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
  }

  @AfterEach
  void closeDoor() {
    door.close();
  }

  /** How often a function is called by one visit, the door's first one included. */
  static List<Failure> failures() {
    return Stream.of(
            ManualPages.failures(1, "unshare", "socket", "bind", "getsockname", "getsockopt"),
            ManualPages.failures(2, "open", "setns"),
            ManualPages.failures(3, "setsockopt"))
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failureIsAnAnswerAndLeavesNoTrace(Failure failure) {
    faulty.failAfter(failure.function(), failure.successes(), failure.errno());
    closed(door.open(namespace.path()));
    faulty.heal();

    assertThat(cookie(door)).isEqualTo(cookie);
    await().untilAsserted(() -> assertThat(namespacesOfThreads()).doesNotContain(inside()));
    assertThat(parkingCookie(door)).isNotEqualTo(cookie);
    door.close();
    await().untilAsserted(() -> assertThat(faulty.openDescriptors()).isZero());
  }

  private static void closed(Opening opening) {
    if (opening instanceof Opening.Opened(NamespaceSocket socket)) {
      assertThat(socket.cookie()).isEqualTo(cookie);
      socket.close();
    }
  }

  private static long cookie(NamespaceDoor door) {
    try (NamespaceSocket socket = ((Opening.Opened) door.open(namespace.path())).socket()) {
      return socket.cookie();
    }
  }

  private static long parkingCookie(NamespaceDoor door) {
    try (NamespaceSocket socket = ((Opening.Opened) door.openHere()).socket()) {
      return socket.cookie();
    }
  }

  /** Where the threads of this process stand, for example {@code net:[4026532001]}. */
  private static Set<String> namespacesOfThreads() {
    Set<String> namespaces = new HashSet<>();
    try (Stream<Path> threads = Files.list(THREADS)) {
      for (Path thread : threads.toList()) {
        namespaces.add(Files.readSymbolicLink(thread.resolve("ns/net")).toString());
      }
    } catch (NoSuchFileException ended) {
      return namespacesOfThreads();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return namespaces;
  }

  private static String inside() {
    try {
      return "net:[%s]".formatted(Files.getAttribute(namespace.path(), "unix:ino"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
