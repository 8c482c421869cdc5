package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The directory is ordinary files here: inotify does not care what they are. */
class NamespaceDirectoryTest {

  private static final String LIST_AGAIN = "list again";

  @TempDir private Path temporary;

  private final List<String> news = new CopyOnWriteArrayList<>();
  private final List<NamespaceDirectory> watched = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeAll() {
    watched.forEach(NamespaceDirectory::close);
  }

  @Test
  void firstNewsIsToList() throws IOException {
    create("router-a");
    NamespaceDirectory directory = watch(temporary);

    awaitNews(LIST_AGAIN);
    assertThat(directory.list()).containsExactly("router-a");
  }

  @Test
  void comingAndGoingIsTold() throws IOException {
    watch(temporary);
    awaitNews(LIST_AGAIN);
    create("router-a");
    Files.move(temporary.resolve("router-a"), temporary.resolve("router-b"));
    Files.delete(temporary.resolve("router-b"));

    awaitNews(LIST_AGAIN, "+router-a", "-router-a", "+router-b", "-router-b");
  }

  @Test
  void namesNobodyAskedForBreakNothing() throws IOException {
    NamespaceDirectory directory = watch(temporary);
    awaitNews(LIST_AGAIN);
    create("router-1");
    create("router-a\nrouter-b");
    create("-rf");
    create("ünïcödé");
    create("x".repeat(255));
    Witness.run("sh", "-c", "touch \"$0/$(printf 'router-\\377')\"", temporary.toString()).orFail();
    create("router-a");

    awaitNews(LIST_AGAIN, "+router-a");
    assertThat(directory.list()).containsExactly("router-a");
  }

  @Test
  void missingDirectoryIsWaitedForHoweverMuchOfThePathIsMissing() throws IOException {
    Path deep = temporary.resolve("one/two/three");
    NamespaceDirectory directory = watch(deep);
    awaitNews(LIST_AGAIN);
    assertThat(directory.list()).isEmpty();

    Files.createDirectories(deep);
    awaitNews(LIST_AGAIN, LIST_AGAIN);
    Files.createFile(deep.resolve("router-a"));
    awaitNews(LIST_AGAIN, LIST_AGAIN, "+router-a");
  }

  @Test
  void deletedDirectoryIsWaitedForAgain() throws IOException {
    Path inner = Files.createDirectory(temporary.resolve("netns"));
    NamespaceDirectory directory = watch(inner);
    awaitNews(LIST_AGAIN);

    Files.delete(inner);
    awaitNews(LIST_AGAIN, LIST_AGAIN);
    assertThat(directory.list()).isEmpty();
    Files.createDirectory(inner);
    awaitNews(LIST_AGAIN, LIST_AGAIN, LIST_AGAIN);
    Files.createFile(inner.resolve("router-a"));
    awaitNews(LIST_AGAIN, LIST_AGAIN, LIST_AGAIN, "+router-a");
  }

  /** The kernel then tells of the deletion only when the file is closed. */
  @Test
  void deletedDirectoryWithAnOpenFileIsNoticed() throws IOException {
    Path inner = Files.createDirectory(temporary.resolve("netns"));
    Path lock = Files.createFile(inner.resolve("lock"));
    try (var open = Files.newByteChannel(lock)) {
      watch(inner);
      awaitNews(LIST_AGAIN);

      Files.delete(lock);
      Files.delete(inner);
      awaitNews(LIST_AGAIN, LIST_AGAIN);
      assertThat(open.isOpen()).isTrue();
    }
  }

  @Test
  void directoryMovedAwayIsNoLongerTheOne() throws IOException {
    Path parent = Files.createDirectory(temporary.resolve("run"));
    Path inner = Files.createDirectory(parent.resolve("netns"));
    watch(inner);
    awaitNews(LIST_AGAIN);

    Files.move(parent, temporary.resolve("elsewhere"));
    awaitNews(LIST_AGAIN, LIST_AGAIN);
    Files.createFile(temporary.resolve("elsewhere/netns/router-a"));
    Files.createDirectories(inner);
    awaitNews(LIST_AGAIN, LIST_AGAIN, LIST_AGAIN);
    Files.createFile(inner.resolve("router-b"));
    awaitNews(LIST_AGAIN, LIST_AGAIN, LIST_AGAIN, "+router-b");
  }

  @Test
  void fileInTheDirectorysPlaceIsNoDirectory() throws IOException {
    Path inner = Files.createFile(temporary.resolve("netns"));
    NamespaceDirectory directory = watch(inner);
    awaitNews(LIST_AGAIN);
    assertThat(directory.list()).isEmpty();

    Files.delete(inner);
    Files.createDirectory(inner);
    awaitNews(LIST_AGAIN, LIST_AGAIN);
  }

  @Test
  void listenerThatThrowsHearsTheRest() throws IOException {
    watch(
        temporary,
        new Listener() {
          @Override
          public void appeared(String name) {
            super.appeared(name);
            throw new IllegalStateException("a listener of this test always throws");
          }
        });
    awaitNews(LIST_AGAIN);
    create("router-a");
    create("router-b");

    awaitNews(LIST_AGAIN, "+router-a", "+router-b");
  }

  @Test
  void lostEventsMeanToListAgain() {
    RecordedSystemCalls calls = new RecordedSystemCalls();
    calls.addDirectory("/run");
    calls.addDirectory("/run/netns");
    watch(calls, Path.of("/run/netns"), new Listener());
    awaitNews(LIST_AGAIN);
    calls.loseEvents();

    awaitNews(LIST_AGAIN, LIST_AGAIN);
  }

  @Test
  void withoutWatchesTheDirectoryIsListedUntilThereAreSome() {
    RecordedSystemCalls calls = new RecordedSystemCalls();
    calls.addDirectory("/run");
    calls.addDirectory("/run/netns");
    calls.failAfter("inotify_add_watch", 1, Errno.ENOSPC);
    watch(calls, Path.of("/run/netns"), new Listener());

    awaitNews(LIST_AGAIN, LIST_AGAIN);
  }

  @Test
  void troubleIsSaidOnceAndOnceThatItIsOver() {
    RecordedSystemCalls calls = new RecordedSystemCalls();
    calls.addDirectory("/run");
    calls.failNext("inotify_add_watch", Errno.ENOSPC);
    calls.failNext("inotify_add_watch", Errno.ENOSPC);
    try (CapturedLog log = CapturedLog.of(DirectoryStory.class)) {
      watch(calls, Path.of("/run"), new Listener());

      awaitNews(LIST_AGAIN, LIST_AGAIN, LIST_AGAIN);
      assertThat(log.lines())
          .containsExactly(
              "WARN the namespace directory cannot be watched, it is listed every second: /run:"
                  + " inotify_add_watch: ENOSPC (no space left, or a limit of this user is reached)",
              "INFO the namespace directory is watched again: /run");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"poll", "read"})
  void whateverFailsTheWatchGoesOn(String function) {
    RecordedSystemCalls calls = new RecordedSystemCalls();
    calls.addDirectory("/run");
    calls.failNext(function, Errno.ENOMEM);
    try (CapturedLog log = CapturedLog.of(DirectoryStory.class)) {
      watch(calls, Path.of("/run"), new Listener());
      calls.loseEvents();
      await().until(() -> log.lines().size() == 2);
      int before = news.size();
      calls.loseEvents();
      await().until(() -> news.size() > before);
      assertThat(log.lines())
          .containsExactly(
              "WARN the namespace directory cannot be watched, it is listed every second: /run: "
                  + function
                  + ": ENOMEM (out of memory)",
              "INFO the namespace directory is watched again: /run");
    }
  }

  /** Nothing happens to any directory on the way when a link beside it is turned elsewhere. */
  @Test
  void linkThatIsTurnedIsFollowed() throws IOException {
    Path first = Files.createDirectory(temporary.resolve("first"));
    Path second = Files.createDirectory(temporary.resolve("second"));
    Path aside = Files.createDirectory(temporary.resolve("aside"));
    Path turned = Files.createSymbolicLink(aside.resolve("turned"), first);
    Path link = Files.createSymbolicLink(temporary.resolve("netns"), turned);
    NamespaceDirectory directory = watch(link);
    awaitNews(LIST_AGAIN);

    Files.delete(turned);
    awaitNews(LIST_AGAIN, LIST_AGAIN);
    assertThat(directory.list()).isEmpty();
    Files.createSymbolicLink(turned, second);
    awaitNews(LIST_AGAIN, LIST_AGAIN, LIST_AGAIN);
    Files.createFile(second.resolve("router-a"));
    awaitNews(LIST_AGAIN, LIST_AGAIN, LIST_AGAIN, "+router-a");
  }

  @Test
  void closeEndsTheThreadAndLeavesNothingOpen() {
    RecordedSystemCalls calls = new RecordedSystemCalls();
    NamespaceDirectory directory = watch(calls, Path.of("/run/netns"), new Listener());
    awaitNews(LIST_AGAIN);
    directory.close();
    directory.close();

    assertThat(calls.openDescriptors()).isZero();
  }

  @Test
  void listenerMayCloseTheDirectory() {
    RecordedSystemCalls calls = new RecordedSystemCalls();
    calls.addDirectory("/run");
    watch(
        calls,
        Path.of("/run"),
        new Listener() {
          @Override
          public void listAgain() {
            super.listAgain();
            watched.forEach(NamespaceDirectory::close);
          }
        });
    calls.loseEvents();

    await().untilAsserted(() -> assertThat(calls.openDescriptors()).isZero());
  }

  /** Writes down what it is told. */
  private class Listener implements NamespaceDirectory.Listener {
    @Override
    public void appeared(String name) {
      news.add("+" + name);
    }

    @Override
    public void vanished(String name) {
      news.add("-" + name);
    }

    @Override
    public void listAgain() {
      news.add(LIST_AGAIN);
    }

    /** Other tests of this machine mount, too. */
    @Override
    public void mountsChanged() {}
  }

  private NamespaceDirectory watch(Path directory) {
    return watch(directory, new Listener());
  }

  private NamespaceDirectory watch(Path directory, Listener listener) {
    return watch(new LinuxSystemCalls(), directory, listener);
  }

  private NamespaceDirectory watch(SystemCalls calls, Path directory, Listener listener) {
    NamespaceDirectory opened =
        new NamespaceDirectory(calls, directory, NamespaceDirectoryTest::isRouter, listener);
    watched.add(opened);
    return opened;
  }

  private static boolean isRouter(String name) {
    return name.matches("router-[a-z]+");
  }

  private void create(String name) throws IOException {
    Files.createFile(temporary.resolve(name));
  }

  private void awaitNews(String... expected) {
    await().untilAsserted(() -> assertThat(news).containsExactly(expected));
  }
}
