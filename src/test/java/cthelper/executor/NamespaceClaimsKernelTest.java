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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A namespace is one router's, and the one this process runs in is nobody's. */
@ExtendWith(PrivateNetns.class)
@Timeout(120)
class NamespaceClaimsKernelTest extends WatchedDirectory {

  private final CapturedLog log = CapturedLog.of(EntryStory.class);
  private final RouterNetns router = RouterNetns.create(RouterId.random());

  @AfterEach
  void close() {
    router.close();
    log.close();
  }

  /** A name of a router that nothing is mounted on yet. */
  private Path name() throws IOException {
    return Files.createFile(directory.resolve("qrouter-" + RouterId.random()));
  }

  private void remove(Path name) throws IOException {
    folder.unmount(name);
    Files.delete(name);
  }

  private static void awaitOpen(NamespaceWatch watch, Path name) {
    await()
        .untilAsserted(
            () -> assertThat(open(watch)).containsExactly(name.getFileName().toString()));
  }

  private void awaitLines(String... expected) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(log.lines()).containsExactly(expected));
  }

  private static String sameAs(Path name) {
    return "it is the same namespace as " + name.getFileName();
  }

  private static String entered(Path name) {
    return "INFO namespace entered after all namespace=" + name.getFileName();
  }

  @Test
  void theNamespaceOfThisProcessIsNoRouterAndIsNotEvenOpened() throws IOException {
    Path name = folder.bind(Path.of("/proc/self/ns/net"), name());
    try (NamespaceWatch watch = watch()) {
      String refusal = complaint(name, "it is the network namespace this process itself runs in");
      awaitLines(refusal);
      assertThat(open(watch)).isEmpty();
      assertThat(watch.namespaces().counts()).isEqualTo(new NamespaceCounts(0, 1));
      assertThat(calls.timesOpened(name)).isZero();

      folder.bind(router.path(), name);
      awaitOpen(watch, name);
      awaitLines(refusal, entered(name));
      folder.unmount(name);
      await().until(() -> open(watch).isEmpty());
      assertThat(calls.timesOpened(name)).isEqualTo(1);
    }
  }

  @Test
  void aSecondNameOfANamespaceWaitsUntilTheFirstOneGoes() throws IOException {
    Path first = folder.bind(router.path(), name());
    try (NamespaceWatch watch = watch()) {
      awaitOpen(watch, first);
      Path second = folder.bind(router.path(), name());
      awaitLines(complaint(second, sameAs(first)));
      awaitOpen(watch, first);
      assertThat(watch.namespaces().counts()).isEqualTo(new NamespaceCounts(1, 1));
      assertThat(calls.timesOpened(second)).isZero();

      remove(first);
      awaitOpen(watch, second);
      awaitLines(complaint(second, sameAs(first)), entered(second));
      await().until(() -> watch.namespaces().counts().equals(new NamespaceCounts(1, 0)));
    }
  }

  @Test
  void itWaitsAlsoUntilTheFirstOneStandsForAnotherNamespace() throws IOException {
    try (RouterNetns other = RouterNetns.create(RouterId.random());
        NamespaceWatch watch = watch()) {
      Path first = folder.bind(router.path(), name());
      awaitOpen(watch, first);
      Path second = folder.bind(router.path(), name());
      awaitLines(complaint(second, sameAs(first)));

      folder.bind(other.path(), first);
      await().until(() -> open(watch).size() == 2);
      folder.unmount(first);
      await().until(() -> open(watch).size() == 1);
      awaitOpen(watch, second);
    }
  }

  @Test
  void ofManyNamesOneAfterTheOtherHasTheNamespace() throws IOException {
    List<Path> names = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      names.add(folder.bind(router.path(), name()));
    }
    try (NamespaceWatch watch = watch()) {
      for (int left = names.size(); left > 0; left--) {
        await().until(() -> open(watch).size() == 1);
        await().during(Duration.ofMillis(200)).until(() -> open(watch).size() == 1);
        Path holder = directory.resolve(open(watch).getFirst());
        assertThat(names).contains(holder);
        names.remove(holder);
        remove(holder);
      }
      await().until(() -> open(watch).isEmpty());
      assertThat(watch.namespaces().counts()).isEqualTo(NamespaceCounts.NONE);
    }
  }

  @Test
  void aSecondNameThatGoesDoesNotStandInTheWayOfTheThird() throws IOException {
    try (NamespaceWatch watch = watch()) {
      Path first = folder.bind(router.path(), name());
      awaitOpen(watch, first);
      Path second = folder.bind(router.path(), name());
      Path third = folder.bind(router.path(), name());
      await().until(() -> watch.namespaces().counts().waiting() == 2);
      remove(second);
      await().until(() -> watch.namespaces().counts().waiting() == 1);
      remove(first);
      awaitOpen(watch, third);
      assertThat(calls.timesOpened(second)).isZero();
    }
  }
}
