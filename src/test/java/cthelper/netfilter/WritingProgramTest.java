package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thread 1701 of process 1700, a firewall manager that is alive; 1800 has ended. */
class WritingProgramTest {

  @TempDir private Path proc;

  @Test
  void threadLeadsToItsProcess() throws IOException {
    task(1700, 1700, "firewalld");
    task(1701, 1700, "worker-1");

    assertThat(WritingProgram.of(proc, 1701, "worker-1"))
        .isEqualTo(new WritingProgram(1700, "firewalld"));
  }

  @Test
  void endedThreadIsKnownByItself() {
    assertThat(WritingProgram.of(proc, 1800, "nft")).isEqualTo(new WritingProgram(1800, "nft"));
  }

  /** Its number is used again, or is another one's in this process namespace. */
  @Test
  void threadOfAnotherNameIsNotBelieved() throws IOException {
    task(1700, 1700, "firewalld");
    task(1701, 1700, "worker-1");

    assertThat(WritingProgram.of(proc, 1701, "nft")).isEqualTo(new WritingProgram(1701, "nft"));
  }

  @Test
  void statusWithoutAProcessIsNotBelieved() throws IOException {
    task(1701, 1700, "worker-1");
    Files.writeString(proc.resolve("1701/status"), "Name:\tworker-1\n");

    assertThat(WritingProgram.of(proc, 1701, "worker-1"))
        .isEqualTo(new WritingProgram(1701, "worker-1"));
  }

  @Test
  void nameIsLoggedAsOneValue() throws IOException {
    task(1701, 1701, "x\npid=1 y");

    assertThat(WritingProgram.of(proc, 1701, "x\npid=1 y"))
        .hasToString("pid=1701 program=\"x\\npid=1 y\"");
  }

  /** The thread of this test, under which this process has its name. */
  @Test
  void realThreadLeadsToThisProcess() {
    int pid = (int) ProcessHandle.current().pid();
    WritingProgram found =
        CompletableFuture.supplyAsync(
                () -> {
                  int thread = threadId();
                  return WritingProgram.of(
                      new RulesetCommit(1, 1, thread, nameOf(thread), List.of(), false));
                },
                task -> Thread.ofPlatform().name("writer").start(task))
            .join();

    assertThat(found).isEqualTo(new WritingProgram(pid, nameOf(pid)));
  }

  private void task(int thread, int process, String name) throws IOException {
    Path directory = Files.createDirectory(proc.resolve(Integer.toString(thread)));
    Files.writeString(directory.resolve("comm"), name + "\n");
    Files.writeString(directory.resolve("status"), "Name:\tany\nTgid:\t%d\n".formatted(process));
  }

  private static int threadId() {
    try {
      Path link = Files.readSymbolicLink(Path.of("/proc/thread-self")); // 1700/task/1701
      return Integer.parseInt(link.getFileName().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String nameOf(int thread) {
    try {
      return Files.readString(Path.of("/proc/%d/comm".formatted(thread))).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
