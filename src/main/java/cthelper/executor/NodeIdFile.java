package cthelper.executor;

import cthelper.model.NodeId;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** The node's id: made at the first start, kept for good. One line, a UUID. */
final class NodeIdFile {

  private NodeIdFile() {}

  /**
   * @throws IOException when the file cannot be read or made, or holds something else; it is then
   *     left as it is, because a node that changes its id would leave its placements behind
   */
  static NodeId readOrMake(Path file) throws IOException {
    Optional<NodeId> known = read(file);
    if (known.isPresent()) {
      return known.get();
    }
    NodeId id = new NodeId(UUID.randomUUID());
    DurableFile.replace(file, id + "\n");
    return id;
  }

  /** Empty before the first start. */
  static Optional<NodeId> read(Path file) throws IOException {
    try {
      String text = Files.readString(file).strip();
      NodeId id = new NodeId(UUID.fromString(text));
      if (!id.toString().equalsIgnoreCase(text)) {
        throw new IllegalArgumentException("a shortened UUID: " + text);
      }
      return Optional.of(id);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new IOException(file + " does not hold a UUID: restore or remove it", e);
    }
  }
}
