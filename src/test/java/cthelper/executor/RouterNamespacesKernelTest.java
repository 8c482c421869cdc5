package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.config.OpenFiles;
import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import cthelper.model.RouterId;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names come, go and change their meaning; what is open is what the names stand for, once each. */
@ExtendWith(PrivateNetns.class)
@Timeout(60)
class RouterNamespacesKernelTest {

  private final NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
  private final TaskThread thread = new TaskThread("namespaces");
  private final RouterNamespaces namespaces =
      new RouterNamespaces(
          RouterNetns.DIRECTORY, door, thread, () -> new OpenFiles(4096), EntryPace.NORMAL);
  private final List<String> news = new CopyOnWriteArrayList<>();

  @BeforeEach
  void listen() {
    onThread(() ->
        namespaces.tell(
            new RouterNamespaces.Listener() {
              @Override
              public void appeared(RouterNamespace namespace) {
                news.add("appeared " + namespace.reported().cookie());
              }

              @Override
              public void vanished(RouterNamespace namespace) {
                news.add("vanished " + namespace.reported().cookie());
              }
            }));
  }

  @AfterEach
  void close() {
    thread.close();
    namespaces.close();
    door.close();
  }

  /** Returns when it is done. */
  private void onThread(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    thread.run(() -> {
      task.run();
      done.complete(null);
    });
    done.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private long cookie(NamespaceName name) {
    return namespaces.find(name.text()).orElseThrow().socket().cookie();
  }

  @Test
  void aNameThatIsSaidTwiceIsReportedOnce() {
    try (RouterNetns netns = RouterNetns.create(RouterId.random())) {
      onThread(() -> namespaces.appeared(netns.name()));
      onThread(() -> namespaces.appeared(netns.name()));
      assertThat(news).containsExactly("appeared " + cookie(netns.name()));
    }
  }

  /** As after a lost event: nobody said that the first one had vanished. */
  @Test
  void aNameThatStandsForAnotherNamespaceIsReportedAgainAndTheFirstIsLetGo() {
    RouterId router = RouterId.random();
    try (RouterNetns witness = RouterNetns.create(RouterId.random());
        RouterNetns first = RouterNetns.create(router)) {
      onThread(() -> namespaces.appeared(first.name()));
      long before = cookie(first.name());
      first.wireTo(witness);
      first.delete();
      try (RouterNetns second = RouterNetns.create(router)) {
        onThread(() -> namespaces.listed(Set.of(second.name())));
        long after = cookie(second.name());
        assertThat(after).isNotEqualTo(before);
        assertThat(news).containsExactly("appeared " + before, "appeared " + after);
        await().until(() -> !witness.hasWire());
      }
    }
  }

  @Test
  void whatIsNotListedHasVanished() {
    try (RouterNetns stays = RouterNetns.create(RouterId.random());
        RouterNetns goes = RouterNetns.create(RouterId.random())) {
      onThread(() -> namespaces.listed(Set.of(stays.name(), goes.name())));
      long gone = cookie(goes.name());
      onThread(() -> namespaces.listed(Set.of(stays.name())));
      assertThat(news).endsWith("vanished " + gone).hasSize(3);
      assertThat(namespaces.all()).extracting(RouterNamespace::name).containsExactly(stays.name());
    }
  }

  @Test
  void aNameIsEnteredAsSoonAsItsNamespaceIsThere() throws IOException {
    try (RouterNetns netns = RouterNetns.create(RouterId.random())) {
      NamespaceName early = NamespaceName.parse("qrouter-" + RouterId.random()).orElseThrow();
      Path file = Files.createFile(RouterNetns.DIRECTORY.resolve(early.text()));
      onThread(() -> namespaces.appeared(early));
      assertThat(namespaces.find(early.text())).isEmpty();
      Command.of("mount", "--bind", netns.path().toString(), file.toString()).run();
      await().until(() -> namespaces.find(early.text()).isPresent());
      Command.of("ip", "netns", "del", early.text()).run();
    }
  }

  @Test
  void aNameThatVanishedIsNotTriedAnyMore() throws IOException {
    try (RouterNetns netns = RouterNetns.create(RouterId.random())) {
      NamespaceName early = NamespaceName.parse("qrouter-" + RouterId.random()).orElseThrow();
      Path file = Files.createFile(RouterNetns.DIRECTORY.resolve(early.text()));
      onThread(() -> namespaces.appeared(early));
      onThread(() -> namespaces.vanished(early.text()));
      Command.of("mount", "--bind", netns.path().toString(), file.toString()).run();
      await().during(Duration.ofMillis(300)).until(() -> namespaces.find(early.text()).isEmpty());
      Command.of("ip", "netns", "del", early.text()).run();
    }
    assertThat(news).isEmpty();
  }
}
