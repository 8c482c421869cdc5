package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.lab.Command;
import cthelper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One executor at a time works on a namespace directory, and a dead one does not count. */
class ExecutorLockTest {

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void plan() throws IOException {
    directory = Files.createDirectory(temporary.resolve("netns"));
    // Of an earlier directory, which had the same inode.
    Files.deleteIfExists(lockFile());
  }

  private Path lockFile() throws IOException {
    return ExecutorLock.file(FileStatus.ofTarget(directory));
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

  private void assertRefused(Path file) {
    assertThatThrownBy(() -> ExecutorLock.tryTake(directory))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " was not made by this service (owner ")
        .hasMessageEndingWith("): remove it");
  }

  @ParameterizedTest
  @CsvSource({
    "0100600, 0, 1, true",
    "0100644, 0, 1, true",
    "0100600, 1000, 1, false",
    "0100600, 0, 2, false",
    "0120777, 0, 1, false",
    "0010600, 0, 1, false"
  })
  void ofAllFilesThereOnlyOurOwnWillDo(String mode, int owner, int links, boolean ours) {
    FileStatus found = new FileStatus(1, 1, Integer.parseInt(mode, 8), owner, links);
    assertThat(ExecutorLock.isOurs(found, 0)).isEqualTo(ours);
  }

  @Test
  void ourOwnFileIsClosedToOthers() throws IOException {
    Path file = Files.createFile(lockFile());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    taken().close();
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path target = Files.createFile(temporary.resolve("target"));
    Path file = lockFile();
    Files.createSymbolicLink(file, target);
    try {
      assertRefused(file);
    } finally {
      Files.delete(file);
    }
    Files.createLink(file, Files.createFile(file.resolveSibling("of-" + file.getFileName())));
    try {
      assertRefused(file);
    } finally {
      Files.delete(file);
      Files.delete(file.resolveSibling("of-" + file.getFileName()));
    }
  }

  /** Nor waited for: it would take for ever. */
  @Test
  @Timeout(30)
  void aFifoIsRefused() throws IOException {
    Path file = lockFile();
    Command.of("mkfifo", "-m", "600", file.toString()).run();
    try {
      assertRefused(file);
    } finally {
      Files.delete(file);
    }
  }
}
