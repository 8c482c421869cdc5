package cthelper.netfilter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Netlink messages as files of hexadecimal octets, each of which a real kernel accepted or sent
 * (Linux 6.18, little-endian).
 */
final class GoldenBytes {

  private static final Path DIRECTORY = Path.of("src/test/resources/golden/netlink");
  private static final String SUFFIX = ".hex";
  private static final int OCTETS_PER_LINE = 16;

  private GoldenBytes() {}

  /** Every file by its name, for example {@code ensure/02-new-table}, sorted. */
  static List<String> names() {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      return files.filter(Files::isRegularFile).map(GoldenBytes::name).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The octets of the file of this name. */
  static byte[] of(String name) {
    try {
      String text = Files.readString(DIRECTORY.resolve(name + SUFFIX));
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The octets as a golden file has them, so that a difference reads as text. */
  static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    HexFormat octets = HexFormat.ofDelimiter(" ");
    for (int from = 0; from < bytes.length; from += OCTETS_PER_LINE) {
      int to = Math.min(bytes.length, from + OCTETS_PER_LINE);
      text.append(octets.formatHex(bytes, from, to)).append('\n');
    }
    return text.toString();
  }

  private static String name(Path file) {
    String name = DIRECTORY.relativize(file).toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }
}
