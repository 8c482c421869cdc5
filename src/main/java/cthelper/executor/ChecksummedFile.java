package cthelper.executor;

import cthelper.model.Quoted;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jboss.logging.Logger;

/**
 * Lines that this node keeps on disk, between a title that names kind and version and a checksum:
 *
 * <pre>
 * conntrack-helper tombstones 1
 * …
 * crc32 8d41c9aa
 * </pre>
 *
 * <p>A file is whole or not believed at all. One thread at a time.
 */
final class ChecksummedFile {

  private static final Logger LOG = Logger.getLogger(ChecksummedFile.class);
  private static final String CHECKSUM = "crc32 ";

  private final Path file;
  private final String title;
  private final Lasting lasting;
  private String onDisk = "";

  /** What the lines are to outlive. */
  enum Lasting {
    /** A crash of the machine: written through to the disk. */
    MACHINE,
    /** A crash of the process, which costs a hundredth of the time. */
    PROCESS
  }

  /**
   * @param title of the first line; what has another one is damaged
   */
  ChecksummedFile(Path file, String title, Lasting lasting) {
    this.file = file;
    this.title = title;
    this.lasting = lasting;
  }

  /**
   * What the lines mean. A file that is damaged, or whose lines are refused, is said in the log and
   * set aside as {@code *.damaged}: it must not keep a node from working.
   *
   * @param parse throws IllegalArgumentException for lines that nobody can have written
   * @return empty when there is no file that can be believed
   * @throws IOException when the disk fails
   */
  <T> Optional<T> load(Function<List<String>, T> parse) throws IOException {
    try {
      String text = Files.readString(file);
      T meaning = parse.apply(lines(text));
      onDisk = text;
      return Optional.of(meaning);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException | DateTimeException | CharacterCodingException e) {
      LOG.warnf(
          "%s ignored: %s is damaged (%s)",
          file.getFileName(), file, Quoted.of(String.valueOf(e.getMessage())));
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".damaged"),
          StandardCopyOption.REPLACE_EXISTING);
      return Optional.empty();
    }
  }

  /** Replaces the lines, whole or not at all; they last when this returns. */
  void replace(List<String> lines) throws IOException {
    String text = render(lines);
    if (!text.equals(onDisk)) {
      switch (lasting) {
        case MACHINE -> DurableFile.replace(file, text);
        case PROCESS -> DurableFile.replaceUnflushed(file, text);
      }
      onDisk = text;
    }
  }

  private String render(List<String> lines) {
    String body = lines.stream().collect(Collectors.joining("\n", title + "\n", "\n"));
    String text = lines.isEmpty() ? title + "\n" : body;
    return text + CHECKSUM + checksum(text) + "\n";
  }

  private List<String> lines(String text) {
    int end = text.lastIndexOf(CHECKSUM);
    if (end < 0
        || !text.substring(end).strip().equals(CHECKSUM + checksum(text.substring(0, end)))) {
      throw new IllegalArgumentException("its checksum is wrong");
    }
    List<String> lines = text.substring(0, end).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(title)) {
      throw new IllegalArgumentException("it does not begin with \"" + title + "\"");
    }
    return lines.subList(1, lines.size());
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
