package cthelper.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a node's process says of itself.
 *
 * @param bootId of the machine's kernel, random(4): another value, and it was started anew
 * @param version of the service, for people
 */
record ThisProcess(String bootId, String version) {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  static ThisProcess ofVersion(String version) {
    try {
      return new ThisProcess(Files.readString(BOOT_ID).strip(), version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
