package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cthelper.config.OpenFiles;
import cthelper.lab.PrivateNetns;
import cthelper.model.RouterId;
import cthelper.netfilter.Errno;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Too few descriptors leave some namespaces waiting, which is said once, and nothing else. */
@ExtendWith(PrivateNetns.class)
@Timeout(120)
class DescriptorShortageKernelTest extends WatchedDirectory {

  private static final Duration SEVERAL_TRIES = QUICK.forDescriptors().multipliedBy(3);

  private final CapturedLog log = CapturedLog.of(DescriptorShortage.class);
  private final CapturedLog entries = CapturedLog.of(EntryStory.class);
  private final List<RouterNetns> routers = new ArrayList<>();
  private volatile OpenFiles limit = new OpenFiles(4096);

  @Override
  OpenFiles openFiles() {
    return limit;
  }

  @AfterEach
  void close() {
    routers.forEach(RouterNetns::close);
    log.close();
    entries.close();
  }

  private Path place() throws IOException {
    RouterNetns router = RouterNetns.create(RouterId.random());
    routers.add(router);
    return folder.place(router);
  }

  private static void awaitOpen(NamespaceWatch watch, int number) {
    await().untilAsserted(() -> assertThat(watch.namespaces().all()).hasSize(number));
  }

  private String shortage(String why, int open, int waiting) {
    return "WARN router namespaces wait for file descriptors: %s: open=%d waiting=%d limit=%d"
            .formatted(why, open, waiting, limit.limit())
        + " reserve=512; raise the limit now (prlimit --pid %d --nofile=%d) and for good (ulimit -n,"
            .formatted(ProcessHandle.current().pid(), limit.limit() + 1024)
        + " LimitNOFILE=); trying every second";
  }

  @Test
  void whatIsBeyondTheLimitWaitsUntilAnotherOneGoes() throws IOException {
    limit = new OpenFiles(OpenFiles.RESERVE + 2);
    try (NamespaceWatch watch = watch()) {
      Path first = place();
      place();
      awaitOpen(watch, 2);
      place();
      place();
      await().until(() -> watch.namespaces().waitingForDescriptors() == 2);
      await().during(SEVERAL_TRIES).until(() -> watch.namespaces().all().size() == 2);
      assertThat(log.lines()).containsExactly(shortage("the rest is kept for other uses", 2, 2));

      folder.unmount(first);
      Files.delete(first);
      await().until(() -> watch.namespaces().waitingForDescriptors() == 1);
      awaitOpen(watch, 2);
      assertThat(log.lines()).hasSize(1);

      limit = new OpenFiles(4096);
      awaitOpen(watch, 3);
      await().until(() -> log.lines().size() == 2);
      assertThat(log.lines().getLast())
          .isEqualTo("INFO no router namespace waits for file descriptors any more");
      assertThat(entries.lines()).isEmpty();
    }
  }

  @Test
  void aStartThatWouldLeaveSomeOutIsRefused() throws IOException {
    limit = new OpenFiles(OpenFiles.RESERVE + 2);
    place();
    place();
    place();
    assertThatThrownBy(this::watch)
        .isInstanceOf(ExecutorUnavailable.class)
        .hasMessage(
            "executor: the limit of open files is 514, of which 512 are kept for other uses, but "
                + directory
                + " has 3 router namespaces, which need one each: raise it: ulimit -n 1024, or"
                + " LimitNOFILE=1024 in the systemd unit");
  }

  @ParameterizedTest
  @CsvSource({
    "socket, 24, socket: EMFILE (too many open files in this process)",
    "open, 23, open: ENFILE (too many open files on this machine)"
  })
  void withoutAnyDescriptorAllWaitAndOneIsTriedEachSecond(String function, int errno, String words)
      throws IOException {
    try (NamespaceWatch watch = watch()) {
      place();
      awaitOpen(watch, 1);
      calls.fail(function, new Errno(errno));
      for (int i = 0; i < 5; i++) {
        place();
      }
      await().until(() -> watch.namespaces().waitingForDescriptors() == 5);
      int before = calls.opened().size();
      await()
          .during(SEVERAL_TRIES)
          .until(() -> calls.opened().size() <= before + 8 && watch.namespaces().all().size() == 1);
      assertThat(log.lines()).containsExactly(shortage(words, 1, 5));

      calls.failNoMore();
      awaitOpen(watch, 6);
      await().until(() -> log.lines().size() == 2);
      assertThat(entries.lines()).isEmpty();
    }
  }

  /** Else it would keep the old one alive for as long as the shortage lasts. */
  @Test
  void aNamespaceThatWasReplacedMeanwhileIsLetGo() throws IOException {
    try (NamespaceWatch watch = watch()) {
      Path name = place();
      awaitOpen(watch, 1);
      RouterNetns other = RouterNetns.create(RouterId.random());
      routers.add(other);
      calls.fail("socket", Errno.EMFILE);
      folder.bind(other.path(), name);
      awaitOpen(watch, 0);
      calls.failNoMore();
      awaitOpen(watch, 1);
    }
  }
}
