package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.model.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node keeps its id for good, and never takes a new one because the old one is unreadable. */
class NodeIdFileTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void plan() {
    file = directory.resolve("node/id");
  }

  @Test
  void theFirstStartMakesOne() throws IOException {
    NodeId id = NodeIdFile.readOrMake(file);
    assertThat(file).hasContent(id + "\n");
  }

  @Test
  void laterStartsKeepIt() throws IOException {
    NodeId id = NodeIdFile.readOrMake(file);
    assertThat(NodeIdFile.readOrMake(file)).isEqualTo(id);
  }

  @Test
  void twoNodesDiffer() throws IOException {
    assertThat(NodeIdFile.readOrMake(file))
        .isNotEqualTo(NodeIdFile.readOrMake(directory.resolve("other/id")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "garbage\n", "1-2-3-4-5\n", "0b1c2d3e-0000-4000-8000-00000000000", "ÿ"})
  void somethingElseIsRefusedAndLeftAsItIs(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    assertThatThrownBy(() -> NodeIdFile.readOrMake(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " does not hold a UUID: restore or remove it");
    assertThat(file).hasBinaryContent(bytes);
  }
}
