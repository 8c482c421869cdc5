package cthelper.executor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who makes our files: {@code Uid:} of {@code proc_pid_status(5)}, and who that is outside of our
 * user namespace ({@code user_namespaces(7)}, {@code /proc/self/uid_map}).
 *
 * @param id as the owner of our files is shown to us: 0 for the root of a user namespace, too
 * @param outside the same user in the parent namespace, for example 1000; where there is none, id
 */
record CurrentUser(long id, long outside) {

  private static final Pattern FILE_SYSTEM_ID = Pattern.compile("Uid:(?:\\s+\\d+){3}\\s+(\\d+)");
  private static final Pattern MAP = Pattern.compile("\\s*(\\d+)\\s+(\\d+)\\s+(\\d+)\\s*");

  static CurrentUser read() throws IOException {
    return of(
        Files.readAllLines(Path.of("/proc/self/status")),
        Files.readAllLines(Path.of("/proc/self/uid_map")));
  }

  static CurrentUser of(List<String> status, List<String> uidMap) throws IOException {
    for (String line : status) {
      Matcher ids = FILE_SYSTEM_ID.matcher(line);
      if (ids.matches()) {
        long id = Long.parseLong(ids.group(1));
        return new CurrentUser(id, outside(id, uidMap));
      }
    }
    throw new IOException("/proc/self/status has no Uid");
  }

  private static long outside(long id, List<String> uidMap) {
    for (String line : uidMap) {
      Matcher map = MAP.matcher(line);
      if (map.matches()) {
        long offset = id - Long.parseLong(map.group(1));
        if (offset >= 0 && offset < Long.parseLong(map.group(3))) {
          return Long.parseLong(map.group(2)) + offset;
        }
      }
    }
    return id;
  }
}
