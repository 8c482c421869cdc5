package cthelper.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The unit for systemd in this repository, and the command that restricts another one as it says:
 * capabilities, {@code no_new_privs}, and a file system that can be written only where it says so.
 * What systemd does with filters of system calls is beyond it; {@code systemd/test} shows that.
 *
 * @param lines {@code Key=value}, without comments
 */
record SystemdUnit(List<String> lines) {

  /** Arguments: directories that may be written, {@code --}, the command. */
  private static final String READ_ONLY_BUT_FOR =
      """
      while [ "$1" != -- ]; do mount --bind "$1" "$1"; shift; done
      shift
      mount -o remount,bind,ro /
      mount -o remount,bind,ro /run
      exec "$@"
      """;

  SystemdUnit {
    lines = List.copyOf(lines);
  }

  static SystemdUnit read() {
    try (Stream<String> lines = Files.lines(Path.of("systemd/conntrack-helper.service"))) {
      return new SystemdUnit(lines.filter(line -> line.matches("[A-Z]\\w+=.*")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All words of all lines with this key. */
  List<String> words(String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .flatMap(value -> Arrays.stream(value.split("\\s+")))
        .toList();
  }

  /** The one word of the one line with this key. */
  String word(String key) {
    List<String> words = words(key);
    if (words.size() != 1) {
      throw new IllegalStateException(key + " has the words " + words);
    }
    return words.getFirst();
  }

  /** Setting {@code CTHELPER_DATA_DIR=...} and the like, as the unit gives them. */
  List<String> environment() {
    return words("Environment");
  }

  /**
   * A command line that runs the rest as the unit would.
   *
   * @param state stands for the unit's own directory below {@code /var/lib}
   */
  List<String> restricting(Path state) {
    if (!word("ProtectSystem").equals("strict") || !word("NoNewPrivileges").equals("yes")) {
      throw new IllegalStateException("this unit restricts less than can be shown here");
    }
    List<String> command =
        new ArrayList<>(List.of("unshare", "--mount", "--propagation", "slave", "sh", "-ec"));
    command.addAll(List.of(READ_ONLY_BUT_FOR, "sh", state.toString()));
    command.addAll(words("ReadWritePaths"));
    command.addAll(words("PrivateTmp").contains("yes") ? List.of("/tmp") : List.of());
    command.addAll(List.of("--", "setpriv", "--no-new-privs", "--inh-caps=-all"));
    command.add("--bounding-set=-all" + capabilities());
    return command;
  }

  private String capabilities() {
    StringBuilder names = new StringBuilder();
    for (String name : words("CapabilityBoundingSet")) {
      names.append(",+").append(name.toLowerCase(Locale.ROOT).replaceFirst("^cap_", ""));
    }
    return names.toString();
  }
}
