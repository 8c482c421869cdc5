package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches are made again at every mount of the machine, in the midst of what they watch for. */
@Timeout(60)
class DirectoryWatchTest {

  private static final int FILES = 20_000;

  @TempDir private Path directory;

  private final LinuxSystemCalls calls = new LinuxSystemCalls();

  @Test
  void settlingAgainLosesNoEvent() throws Exception {
    int inotify = calls.inotifyInit(Linux.IN_CLOEXEC | Linux.IN_NONBLOCK);
    try {
      DirectoryWatch watch = new DirectoryWatch(calls, inotify, directory);
      assertThat(watch.settle()).isTrue();
      CompletableFuture<Void> making = CompletableFuture.runAsync(this::makeAndDelete);
      int events = 0;
      while (!making.isDone()) {
        for (int i = 0; i < 10; i++) {
          assertThat(watch.settle()).isFalse();
        }
        events += entries(watch, inotify);
      }
      making.get();
      events += entries(watch, inotify);
      assertThat(events).isEqualTo(2 * FILES);
    } finally {
      calls.close(inotify);
    }
  }

  private void makeAndDelete() {
    try {
      for (int i = 0; i < FILES; i++) {
        Files.delete(Files.createFile(directory.resolve("qrouter-" + i)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int entries(DirectoryWatch watch, int inotify) {
    int entries = 0;
    while (true) {
      var read = calls.read(inotify);
      if (read.isEmpty()) {
        return entries;
      }
      for (InotifyEvent event : InotifyEvent.readAll(read.get())) {
        entries += watch.concernsEntry(event) ? 1 : 0;
      }
    }
  }
}
