package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.executor.RecordedReports.Report.Appeared;
import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.executor.RecordedReports.Report.Vanished;
import cthelper.lab.PrivateNetns;
import cthelper.model.RouterId;
import cthelper.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is done to the namespace directory itself, what is open is what its path leads to. */
@ExtendWith(PrivateNetns.class)
@Timeout(60)
class HostileDirectoryKernelTest extends WatchedDirectory {

  private final RecordedReports reports = new RecordedReports();
  private final CapturedLog log = CapturedLog.of(NamespaceWatch.class);
  private final RouterNetns one = RouterNetns.create(RouterId.random());
  private final RouterNetns other = RouterNetns.create(RouterId.random());

  @AfterEach
  void close() {
    one.close();
    other.close();
    log.close();
  }

  private NamespaceWatch watchAndReport() throws IOException {
    NamespaceWatch watch = watch();
    watch.reportTo(RecordedReports.NODE, reports);
    reports.awaitOne(Connected.class, any -> true);
    return watch;
  }

  private static void awaitOpen(NamespaceWatch watch, RouterNetns... expected) {
    List<String> names = List.of(expected).stream().map(it -> it.name().text()).sorted().toList();
    await()
        .untilAsserted(() ->
            assertThat(watch.namespaces().all().stream().map(it -> it.name().text()).sorted())
                .containsExactlyElementsOf(names));
  }

  @Test
  void oneThatIsDeletedAndMadeAnewIsFollowed() throws IOException {
    Path name = folder.place(one);
    try (NamespaceWatch watch = watchAndReport()) {
      awaitOpen(watch, one);

      folder.unmount(name);
      Files.delete(name);
      Files.delete(directory);
      awaitOpen(watch);
      Files.createDirectory(directory);
      folder.place(other);
      awaitOpen(watch, other);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void oneThatIsMountedOverIsFollowedThereAndBack() throws IOException {
    folder.place(one);
    try (NamespaceWatch watch = watchAndReport()) {
      awaitOpen(watch, one);

      folder.mountOver(directory);
      awaitOpen(watch);
      Path above = folder.place(other);
      awaitOpen(watch, other);

      folder.unmount(above);
      folder.unmount(directory);
      awaitOpen(watch, one);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aLinkInItsPlaceIsFollowedAndSoIsWhereItLeadsNext() throws IOException {
    folder.place(one);
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    try (NamespaceWatch watch = watchAndReport();
        NetnsFolder there = NetnsFolder.at(elsewhere)) {
      awaitOpen(watch, one);
      there.place(other);

      folder.unmountAll();
      Files.move(directory, temporary.resolve("before"));
      Files.createSymbolicLink(directory, elsewhere);
      awaitOpen(watch, other);

      there.unmountAll();
      Files.move(elsewhere, temporary.resolve("gone"));
      awaitOpen(watch);
      Files.createDirectory(elsewhere);
      there.place(one);
      awaitOpen(watch, one);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aFileInItsPlaceIsWaitedOut() throws IOException {
    Path name = folder.place(one);
    try (NamespaceWatch watch = watchAndReport()) {
      awaitOpen(watch, one);

      folder.unmount(name);
      Files.move(directory, temporary.resolve("before"));
      Files.createFile(directory);
      awaitOpen(watch);
      Files.delete(directory);
      Files.createDirectory(directory);
      folder.place(one);
      awaitOpen(watch, one);
      assertThat(log.lines()).isEmpty();
    }
  }

  /** {@code umount} without removing the file: the directory itself notices nothing. */
  @Test
  void aNamespaceThatIsUnmountedUnderItsNameVanishesAndComesBack() throws IOException {
    Path name = folder.place(one);
    try (NamespaceWatch watch = watchAndReport()) {
      awaitOpen(watch, one);

      folder.unmount(name);
      reports.awaitOne(Vanished.class, any -> true);
      awaitOpen(watch);
      folder.bind(one.path(), name);
      reports.awaitOne(Appeared.class, any -> true);
      awaitOpen(watch, one);
    }
  }

  @Test
  void anotherNamespaceMountedOnTheSameNameIsAnotherOne() throws IOException {
    Path name = folder.place(one);
    try (NamespaceWatch watch = watchAndReport()) {
      awaitOpen(watch, one);
      long before = watch.namespaces().all().getFirst().socket().cookie();

      folder.bind(other.path(), name);
      reports.awaitOne(Appeared.class, it -> it.namespace().cookie() != before);
      folder.unmount(name);
      reports.awaitOne(Appeared.class, it -> it.namespace().cookie() == before);
      assertThat(reports.all(Vanished.class)).isEmpty();
    }
  }
}
