package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever mistypes the directory, or moves it away, reads so in the log, once. */
class DirectoryStoryTest {

  /** A path that links lead is looked at each second. */
  private static final Duration SEVERAL_LOOKS = Duration.ofMillis(2500);

  @TempDir private Path temporary;
  private final CapturedLog log = CapturedLog.of(DirectoryStory.class);
  private final List<String> expected = new ArrayList<>();

  @AfterEach
  void close() {
    log.close();
  }

  private static NamespaceDirectory watch(Path directory) {
    return new NamespaceDirectory(
        new LinuxSystemCalls(), directory, name -> true, new NobodyListens());
  }

  /** As the next line, and nothing else. */
  private void awaitLine(String line) {
    expected.add(line);
    await().untilAsserted(() -> assertThat(log.lines()).isEqualTo(expected));
  }

  private void awaitMissing(Path directory, Path where, String why) {
    awaitLine(
        "WARN the namespace directory is not there, it is waited for: %s: %s: %s"
            .formatted(directory, where, why));
  }

  private void awaitThere(Path directory) {
    awaitLine("INFO the namespace directory is there now: " + directory);
  }

  @Test
  void aDirectoryThatIsThereIsNothingToTalkAbout() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("netns"));
    try (NamespaceDirectory watched = watch(directory)) {
      Files.createFile(directory.resolve("name"));
      Files.createFile(temporary.resolve("beside"));
      await()
          .during(Duration.ofMillis(300))
          .until(() -> log.lines().isEmpty() && watched.list().equals(List.of("name")));
    }
  }

  @Test
  void whereverThePathEndsItIsSaidWhenItBeginsAndWhenItIsOver() throws IOException {
    Path parent = temporary.resolve("nd");
    Path directory = parent.resolve("netns");
    try (NamespaceDirectory watched = watch(directory)) {
      awaitMissing(directory, parent, "ENOENT (no such thing)");
      Files.createDirectories(directory);
      awaitThere(directory);

      Files.move(directory, parent.resolve("elsewhere"));
      awaitMissing(directory, directory, "ENOENT (no such thing)");
      Files.move(parent.resolve("elsewhere"), directory);
      awaitThere(directory);

      Files.delete(directory);
      awaitMissing(directory, directory, "ENOENT (no such thing)");
      Files.delete(parent);
      Files.createDirectories(directory);
      awaitThere(directory);
      assertThat(watched.list()).isEmpty();
    }
  }

  @Test
  void aFileInItsPlaceIsSaid() throws IOException {
    Path directory = Files.createFile(temporary.resolve("netns"));
    try (NamespaceDirectory watched = watch(directory)) {
      awaitMissing(directory, directory, "ENOTDIR (not a directory)");
      Files.delete(directory);
      Files.createDirectory(directory);
      awaitThere(directory);
      assertThat(watched.list()).isEmpty();
    }
  }

  @Test
  void aLinkToNowhereIsSaidOnceHoweverOftenItIsLookedAt() throws IOException {
    Path directory =
        Files.createSymbolicLink(temporary.resolve("netns"), temporary.resolve("target"));
    try (NamespaceDirectory watched = watch(directory)) {
      awaitMissing(directory, directory, "ENOENT (no such thing)");
      await().during(SEVERAL_LOOKS).until(() -> log.lines().size() == 1);
      Files.createDirectory(temporary.resolve("target"));
      awaitThere(directory);
      assertThat(watched.list()).isEmpty();
    }
  }

  @Test
  void linksInALoopAreCalledThat() throws IOException {
    Path directory = temporary.resolve("netns");
    Files.createSymbolicLink(directory, directory);
    try (NamespaceDirectory watched = watch(directory)) {
      awaitLine(
          "WARN the namespace directory cannot be watched, it is listed every second: "
              + directory
              + ": inotify_add_watch: ELOOP (a symbolic link where none may be, or links in a"
              + " loop)");
      Files.delete(directory);
      awaitMissing(directory, directory, "ENOENT (no such thing)");
      Files.createDirectory(directory);
      awaitThere(directory);
      assertThat(watched.list()).isEmpty();
    }
  }

  /** The story does not depend on who hears the news. */
  private static final class NobodyListens implements NamespaceDirectory.Listener {
    @Override
    public void appeared(String name) {}

    @Override
    public void vanished(String name) {}

    @Override
    public void listAgain() {}

    @Override
    public void mountsChanged() {}
  }
}
