package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.config.DataDirectory;
import cthelper.testing.ChildJvm;
import cthelper.testing.Heap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time uses a data directory, and a dead one does not count. */
class DirectoryLockTest {

  @TempDir Path temporary;
  private DataDirectory directory;
  private String inUse;

  @BeforeEach
  void plan() {
    directory = new DataDirectory(temporary.resolve("new/data"));
    inUse =
        "data directory "
            + directory
            + " is used by another process: stop it, or set CTHELPER_DATA_DIR to another directory";
  }

  private ChildJvm otherProcess() throws IOException {
    return ChildJvm.start(temporary, DirectoryLockProgram.class, directory.toString());
  }

  @Test
  void theDirectoryIsMadeForItsOwnerOnly() throws IOException {
    try (DirectoryLock held = DirectoryLock.take(directory)) {
      assertThat(held).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void whileAnotherProcessHasItItIsRefused() throws IOException {
    try (ChildJvm other = otherProcess()) {
      assertThat(other.answer()).isEqualTo("taken true");
      assertThatThrownBy(() -> DirectoryLock.take(directory))
          .isInstanceOf(StartRefused.class)
          .hasMessage(inUse);
    }
  }

  @Test
  void aKilledProcessLetsItGo() throws IOException {
    try (ChildJvm other = otherProcess()) {
      assertThat(other.answer()).isEqualTo("taken true");
      other.kill();
      assertThatCode(() -> DirectoryLock.take(directory).close()).doesNotThrowAnyException();
    }
  }

  @Test
  void aSecondTryOfTheSameProcessIsRefusedAndCostsNothing() throws IOException {
    try (DirectoryLock held = DirectoryLock.take(directory)) {
      assertThatThrownBy(() -> DirectoryLock.take(directory)).hasMessage(inUse);
      Heap.usedBytes(); // collects what nobody knows any more, file channels too
      try (ChildJvm other = otherProcess()) {
        assertThat(held).isNotNull();
        assertThat(other.answer()).isEqualTo(inUse);
      }
    }
  }

  @Test
  void onceClosedItCanBeTakenAgain() throws IOException {
    DirectoryLock.take(directory).close();
    assertThatCode(() -> DirectoryLock.take(directory).close()).doesNotThrowAnyException();
  }

  @Test
  void aPathThatLeadsThroughAFileIsRefusedWithTheWayOut() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> DirectoryLock.take(new DataDirectory(file)))
        .isInstanceOf(StartRefused.class)
        .hasMessage(
            "data directory %s cannot be used (%s): set CTHELPER_DATA_DIR to another one"
                .formatted(file, file));
  }
}
