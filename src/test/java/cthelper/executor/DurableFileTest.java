package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is the old one or the new one, whole, whenever a crash comes. */
class DurableFileTest {

  @TempDir Path directory;

  @Test
  void aNewFileIsMadeWithTheDirectoriesAboveIt() throws IOException {
    Path file = directory.resolve("a/b/file");
    DurableFile.replace(file, "text ü\n");
    assertThat(file).hasContent("text ü\n");
  }

  @Test
  void anOldFileIsReplacedWhole() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "a long old text\n");
    DurableFile.replace(file, "new\n");
    assertThat(file).hasContent("new\n");
  }

  @Test
  void nothingElseIsLeftBeside() throws IOException {
    DurableFile.replace(directory.resolve("file"), "text");
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void theDraftOfACrashIsOverwritten() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "old");
    Files.writeString(directory.resolve("file.new"), "a draft that was longer than the next");
    DurableFile.replace(file, "new");
    assertThat(file).hasContent("new");
  }

  @Test
  void whenTheDraftCannotBeWrittenTheOldFileStays() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "old");
    Files.createDirectory(directory.resolve("file.new"));
    assertThatThrownBy(() -> DurableFile.replace(file, "new")).isInstanceOf(IOException.class);
    assertThat(file).hasContent("old");
  }
}
