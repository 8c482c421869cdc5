package cthelper.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Whether this process is root of the machine, not only of an ordinary user's world: daemons of the
 * distribution change their user at their start, and some limits only root may raise.
 */
public final class RealRoot {

  private static final Path PROCESS = Path.of("/proc/self");
  private static final long ORDINARY_USERS = 65_534;

  private RealRoot() {}

  /** Lines of uid_map: first id inside, first id outside, how many (user_namespaces(7)). */
  public static boolean is() {
    try (Stream<String> lines = Files.lines(PROCESS.resolve("uid_map"))) {
      long users =
          lines
              .map(line -> line.trim().split("\\s+"))
              .mapToLong(fields -> Long.parseLong(fields[2]))
              .sum();
      return users >= ORDINARY_USERS
          && Integer.valueOf(0).equals(Files.getAttribute(PROCESS, "unix:uid"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
