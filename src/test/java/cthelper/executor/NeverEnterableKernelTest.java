package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.PrivateNetns;
import cthelper.model.RouterId;
import cthelper.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A name that cannot be entered costs little, is said once, and works when it can at last. */
@ExtendWith(PrivateNetns.class)
@Timeout(120)
class NeverEnterableKernelTest extends WatchedDirectory {

  private static final Duration QUIET = Duration.ofMillis(375);

  private final CapturedLog log = CapturedLog.of(EntryStory.class);
  private final RouterNetns router = RouterNetns.create(RouterId.random());

  @AfterEach
  void close() {
    router.close();
    log.close();
  }

  private void awaitLines(int number) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(log.lines()).hasSize(number));
  }

  @Test
  void aFileThatNobodyMountsOnIsNeverOpenedAndEnteredWhenSomebodyDoes() throws IOException {
    Path name = Files.createFile(directory.resolve(router.name().text()));
    Files.setPosixFilePermissions(name, Set.of());
    try (NamespaceWatch watch = watch()) {
      awaitLines(1);
      assertThat(calls.timesOpened(name)).isZero();

      folder.bind(router.path(), name);
      await().until(() -> watch.namespaces().find(router.name().text()).isPresent());
      awaitLines(2);
      assertThat(log.lines())
          .containsExactly(
              complaint(name, "nothing is mounted there"),
              "INFO namespace entered after all namespace=" + router.name());
      assertThat(calls.timesOpened(name)).isEqualTo(1);
    }
  }

  /** 14 tries until a person is told, then fewer and fewer down to one a minute. */
  @Test
  void anotherKindOfNamespaceIsTriedLessAndLess() throws IOException {
    Path name = Files.createFile(directory.resolve(router.name().text()));
    folder.bind(Path.of("/proc/self/ns/uts"), name);
    try (NamespaceWatch watch = watch()) {
      awaitLines(1);
      await()
          .atMost(Duration.ofSeconds(30))
          .during(QUIET)
          .until(() -> calls.timesOpened(name) <= 15);
      assertThat(calls.timesOpened(name)).isGreaterThanOrEqualTo(14);

      folder.bind(router.path(), name);
      await().until(() -> watch.namespaces().find(router.name().text()).isPresent());
      folder.unmount(name);
      await().until(() -> watch.namespaces().find(router.name().text()).isEmpty());
      assertThat(log.lines())
          .containsExactly(
              complaint(name, "no network namespace is mounted there"),
              "INFO namespace entered after all namespace=" + router.name());
    }
  }

  /** Mounts elsewhere, and news of a name that is the same as before, are no reason to try. */
  @Test
  void noiseIsNoReasonToTryAgain() throws IOException {
    Path name = Files.createFile(directory.resolve(router.name().text()));
    folder.bind(Path.of("/proc/self/ns/uts"), name);
    Path elsewhere = Files.createFile(temporary.resolve("elsewhere"));
    try (NamespaceWatch watch = watch()) {
      awaitLines(1);
      for (int i = 0; i < 20; i++) {
        folder.bind(Path.of("/proc/version"), elsewhere);
        folder.unmount(elsewhere);
        watch.listAgain();
        watch.appeared(router.name().text());
      }
      watch.namespaces().find(router.name().text());
      await().during(QUIET).until(() -> calls.timesOpened(name) <= 16);
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void aNameThatGoesIsSaidToBeGone() throws IOException {
    Path name = Files.createDirectory(directory.resolve(router.name().text()));
    try (NamespaceWatch watch = watch()) {
      awaitLines(1);
      Files.delete(name);
      awaitLines(2);
      assertThat(log.lines())
          .containsExactly(
              complaint(name, "it is a directory"),
              "INFO name gone that could not be entered namespace=" + router.name());
      assertThat(watch.namespaces().all()).isEmpty();
    }
  }
}
