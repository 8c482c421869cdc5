package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One executor at a time works on a namespace directory, and a dead one does not count. */
class ExecutorLockTest {

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void plan() throws IOException {
    directory = Files.createDirectory(temporary.resolve("netns"));
  }

  private ExecutorLock taken() throws IOException {
    return ExecutorLock.tryTake(directory).orElseThrow();
  }

  private ChildJvm otherProcess() throws IOException {
    return ChildJvm.start(temporary, ExecutorLockProgram.class, directory.toString());
  }

  @Test
  void twoDirectoriesHaveTwoExecutors() throws IOException {
    Path other = Files.createDirectory(temporary.resolve("other"));
    try (ExecutorLock here = taken();
        ExecutorLock there = ExecutorLock.tryTake(other).orElseThrow()) {
      assertThat(here.isFor(directory)).isTrue();
      assertThat(there.isFor(directory)).isFalse();
    }
  }

  @Test
  void anotherProcessKeepsUsOut() throws IOException {
    try (ChildJvm other = otherProcess()) {
      assertThat(other.answer()).isEqualTo("taken");
      assertThat(ExecutorLock.tryTake(directory)).isEmpty();
    }
  }

  @Test
  void aKilledProcessLetsItGo() throws IOException {
    try (ChildJvm other = otherProcess()) {
      assertThat(other.answer()).isEqualTo("taken");
      other.kill();
      try (ExecutorLock lock = taken()) {
        assertThat(lock.isFor(directory)).isTrue();
      }
    }
  }

  @Test
  void aSecondTryOfTheSameProcessIsRefusedAndCostsNothing() throws IOException {
    try (ExecutorLock first = taken()) {
      Optional<ExecutorLock> second = ExecutorLock.tryTake(directory);
      try (ChildJvm other = otherProcess()) {
        assertThat(second).isEmpty();
        assertThat(first.isFor(directory)).isTrue();
        assertThat(other.answer()).isEqualTo("refused");
      }
    }
  }

  @Test
  void onceClosedItCanBeTakenAgain() throws IOException {
    taken().close();
    try (ExecutorLock again = taken()) {
      assertThat(again.isFor(directory)).isTrue();
    }
  }

  @Test
  void aDirectoryThatTookItsPlaceIsAnother() throws IOException {
    try (ExecutorLock lock = taken()) {
      Files.move(directory, temporary.resolve("old"));
      assertThat(lock.isFor(directory)).isFalse();
      Files.createDirectory(directory);
      assertThat(lock.isFor(directory)).isFalse();
      assertThat(lock.isFor(temporary.resolve("old"))).isTrue();
    }
  }

  @Test
  void theDirectoryItselfStaysEmptyAndUnlocked() throws IOException {
    try (ExecutorLock lock = taken()) {
      assertThat(lock.isFor(directory)).isTrue();
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aMissingDirectoryCannotBeLocked() {
    assertThatThrownBy(() -> ExecutorLock.tryTake(temporary.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
