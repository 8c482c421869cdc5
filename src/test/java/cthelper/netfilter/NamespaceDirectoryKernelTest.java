package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts raise no inotify event; the directory is followed all the same. */
class NamespaceDirectoryKernelTest {

  @TempDir private Path temporary;

  private final Set<String> present = ConcurrentHashMap.newKeySet();

  private final AtomicInteger mounts = new AtomicInteger();

  @BeforeEach
  void requirePrivateMounts() {
    TestNamespace.requirePrivateDirectory();
  }

  @Test
  void namespaceAppearsAndIsEnteredAndVanishes() {
    LinuxSystemCalls calls = new LinuxSystemCalls();
    try (NamespaceDirectory directory = watch(Path.of("/run/netns"));
        NamespaceDoor door = new NamespaceDoor(calls);
        TestNamespace namespace = TestNamespace.create()) {
      await().until(() -> present.contains(namespace.name()));
      assertThat(directory.list()).contains(namespace.name());
      await().until(() -> isEntered(door, namespace));

      namespace.delete();
      await().until(() -> !present.contains(namespace.name()));
    }
  }

  @Test
  void directoryMountedOverAndUnmountedIsFollowed() throws IOException {
    Files.createFile(temporary.resolve("below"));
    try (CapturedLog log = CapturedLog.of(DirectoryStory.class);
        NamespaceDirectory directory = watch(temporary)) {
      await().until(() -> present.equals(Set.of("below")));

      mount();
      await().until(() -> present.isEmpty());
      Files.createFile(temporary.resolve("above"));
      await().until(() -> present.equals(Set.of("above")));

      Witness.run("umount", temporary.toString()).orFail();
      await().until(() -> present.equals(Set.of("below")));
      assertThat(directory.list()).containsExactly("below");
      assertThat(log.lines()).as("it was there all the time").isEmpty();
    }
  }

  /** Not even its directory is concerned by what is mounted on a file. */
  @Test
  void mountOnANameIsTold() throws IOException {
    Path file = Files.createFile(temporary.resolve("name"));
    try (NamespaceDirectory directory = watch(temporary)) {
      await().until(() -> present.equals(Set.of("name")));
      int before = mounts.get();

      Witness.run("mount", "--bind", "/proc/self/ns/uts", file.toString()).orFail();
      await().until(() -> mounts.get() > before);
      int mounted = mounts.get();
      Witness.run("umount", file.toString()).orFail();
      await().until(() -> mounts.get() > mounted);
      assertThat(directory.list()).containsExactly("name");
    }
  }

  /** Names come before their namespaces, so the first attempts may be too early. */
  private static boolean isEntered(NamespaceDoor door, TestNamespace namespace) {
    if (door.open(namespace.path()) instanceof Opening.Opened(NamespaceSocket socket)) {
      socket.close();
      return true;
    }
    return false;
  }

  private void mount() {
    Witness.run("mount", "-t", "tmpfs", "test", temporary.toString()).orFail();
  }

  /** Keeps {@link #present} as a user of the directory would. */
  private NamespaceDirectory watch(Path path) {
    ListingListener listener = new ListingListener();
    NamespaceDirectory directory =
        new NamespaceDirectory(new LinuxSystemCalls(), path, name -> true, listener);
    listener.directory.complete(directory);
    return directory;
  }

  private final class ListingListener implements NamespaceDirectory.Listener {
    private final CompletableFuture<NamespaceDirectory> directory = new CompletableFuture<>();

    @Override
    public void appeared(String name) {
      present.add(name);
    }

    @Override
    public void vanished(String name) {
      present.remove(name);
    }

    @Override
    public void listAgain() {
      List<String> names = directory.join().list();
      present.retainAll(names);
      present.addAll(names);
    }

    @Override
    public void mountsChanged() {
      mounts.incrementAndGet();
    }
  }
}
