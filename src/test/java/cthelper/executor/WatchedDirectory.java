package cthelper.executor;

import cthelper.config.OpenFiles;
import cthelper.netfilter.NamespaceDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A namespace directory of a test, with all system calls of its watch in view. */
abstract class WatchedDirectory {

  @TempDir Path temporary;
  final ObservedCalls calls = new ObservedCalls();
  private final NamespaceDoor door = new NamespaceDoor(calls.calls());
  Path directory;
  NetnsFolder folder;

  /** An eighth of what is normal: the tries that would take 4 s are over after half a second. */
  static final EntryPace QUICK =
      new EntryPace(EntryPace.NORMAL.first().dividedBy(8), Duration.ofMillis(500));

  @BeforeEach
  final void makeDirectory() throws IOException {
    directory = Files.createDirectory(temporary.resolve("netns"));
    folder = NetnsFolder.at(directory);
  }

  @AfterEach
  final void leaveNothingMounted() {
    calls.failNoMore();
    folder.close();
    door.close();
  }

  /** Begins to watch; the caller closes it. */
  final NamespaceWatch watch() throws IOException {
    return NamespaceWatch.start(
        directory, door, calls.calls(), this::openFiles, QUICK, new Unheard());
  }

  /** The limit of open files that the watch is told of; plenty unless a test says otherwise. */
  OpenFiles openFiles() {
    return new OpenFiles(4096);
  }

  static List<String> open(NamespaceWatch watch) {
    return watch.namespaces().all().stream().map(it -> it.name().text()).toList();
  }

  /** What is said once of a name that cannot be entered. */
  static String complaint(Path name, String why) {
    return "WARN namespace cannot be entered namespace="
        + name.getFileName()
        + " reason=namespace-not-enterable detail=\""
        + why
        + "\"; it is looked at again when something is mounted, and every minute";
  }
}
