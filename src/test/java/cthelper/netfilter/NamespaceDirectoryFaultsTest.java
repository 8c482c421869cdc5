package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import cthelper.netfilter.ManualPages.Failure;
import cthelper.testing.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever fails or is cut short in watching a directory: who is told of its changes ends up with
 * the names that are there.
 */
class NamespaceDirectoryFaultsTest {

  private static final int FILES = 200;
  private static final Set<Errno> NEWS = Set.of(Errno.ENOENT, Errno.ENOTDIR);
  private static final int INOTIFY_UNIT = 16;

  @TempDir private Path temporary;
  private final List<Follower> followers = new ArrayList<>();

  @AfterEach
  void closeAll() {
    followers.forEach(follower -> follower.directory.close());
  }

  static List<Failure> failuresAtTheStart() {
    return ManualPages.failures(1, "eventfd", "inotify_init1", "open");
  }

  @ParameterizedTest
  @MethodSource("failuresAtTheStart")
  void watchThatCannotBeginLeavesNothingOpen(Failure failure) {
    FaultyCalls faulty = new FaultyCalls();
    faulty.failAfter(failure.function(), failure.successes(), failure.errno());

    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> new Follower(temporary, faulty))
        .extracting(SystemCallException::errno)
        .isEqualTo(failure.errno());
    assertThat(faulty.openDescriptors()).isZero();
  }

  /** All at once: each of them tries again after a second. */
  @Test
  void watchGoesOnAfterEveryFailure() throws IOException {
    Map<Failure, Follower> byFailure = new HashMap<>();
    for (Failure failure : failuresOnTheWay()) {
      FaultyCalls faulty = new FaultyCalls();
      faulty.failAfter(failure.function(), failure.successes(), failure.errno());
      Path directory = Files.createDirectory(temporary.resolve("watched-" + byFailure.size()));
      byFailure.put(failure, follow(directory, faulty));
      Files.createFile(directory.resolve("router-a"));
    }
    for (Failure failure : byFailure.keySet()) {
      byFailure.get(failure).awaitNames(failure.toString(), "router-a");
    }
    for (Follower follower : byFailure.values()) {
      Files.createFile(follower.path.resolve("router-b"));
    }
    for (Failure failure : byFailure.keySet()) {
      byFailure.get(failure).awaitNames(failure.toString(), "router-a", "router-b");
    }
  }

  /** ENOENT and ENOTDIR are news and no failures: the kernel tells when they are over. */
  private static List<Failure> failuresOnTheWay() {
    return Stream.of(
            ManualPages.failures(2, "poll", "read"), ManualPages.failures(3, "inotify_add_watch"))
        .flatMap(List::stream)
        .filter(failure -> !NEWS.contains(failure.errno()))
        .toList();
  }

  @Test
  void eventsThatAreCutOffAreMadeUpForByListing() throws IOException {
    Seed seed = new Seed(Seed.first(1).sum());
    Random random = seed.random();
    FaultyCalls faulty = new FaultyCalls();
    Follower follower = follow(temporary, faulty);
    faulty.damageReads(read -> cutOff(read, random));
    for (int i = 0; i < FILES; i++) {
      Path file = temporary.resolve("router-" + (char) ('a' + random.nextInt(26)));
      if (!Files.deleteIfExists(file)) {
        Files.createFile(file);
      }
    }
    follower.awaitNames(seed.toString(), follower.directory.list().toArray(String[]::new));
  }

  /** Within an event: what ends between two of them cannot be told from a quiet directory. */
  private static byte[] cutOff(byte[] read, Random random) {
    int length = read.length - 1 - random.nextInt(read.length - 1);
    return Arrays.copyOf(read, length % INOTIFY_UNIT == 0 ? length + 1 : length);
  }

  private Follower follow(Path directory, FaultyCalls faulty) {
    Follower follower = new Follower(directory, faulty);
    followers.add(follower);
    return follower;
  }

  /** Keeps the names it is told of. */
  private static final class Follower implements NamespaceDirectory.Listener {

    private final Path path;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final NamespaceDirectory directory;

    Follower(Path path, FaultyCalls faulty) {
      this.path = path;
      this.directory =
          new NamespaceDirectory(faulty.calls(), path, name -> name.startsWith("router-"), this);
    }

    @Override
    public void appeared(String name) {
      names.add(name);
    }

    @Override
    public void vanished(String name) {
      names.remove(name);
    }

    @Override
    public void listAgain() {
      List<String> there = list();
      names.addAll(there);
      names.retainAll(there);
    }

    private List<String> list() {
      try (Stream<Path> entries = Files.list(path)) {
        return entries.map(entry -> entry.getFileName().toString()).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void mountsChanged() {}

    void awaitNames(String why, String... expected) {
      await().untilAsserted(() -> assertThat(names).as(why).containsExactlyInAnyOrder(expected));
    }
  }
}
