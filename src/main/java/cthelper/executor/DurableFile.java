package cthelper.executor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a small text file so that a crash at any moment leaves the old or the new one, whole.
 */
final class DurableFile {

  private DurableFile() {}

  /** Write beside, flush, rename over, flush the directory; the file is on disk when it returns. */
  static void replace(Path file, String text) throws IOException {
    write(file, text, true);
    try (FileChannel channel =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The same without flushing: a crash of the process harms nothing, one of the machine may. */
  static void replaceUnflushed(Path file, String text) throws IOException {
    write(file, text, false);
  }

  private static void write(Path file, String text, boolean flush) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (flush) {
        channel.force(true);
      }
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
