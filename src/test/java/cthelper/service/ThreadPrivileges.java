package cthelper.service;

import cthelper.config.HeldPrivileges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel says the threads of a process may do, each of them. */
final class ThreadPrivileges {

  private ThreadPrivileges() {}

  /** What its threads hold; one element when they all hold the same. */
  static Set<HeldPrivileges> of(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads
          .map(thread -> lines(thread.resolve("status")))
          .filter(status -> !status.isEmpty())
          .map(HeldPrivileges::of)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path status) {
    try {
      return Files.readAllLines(status);
    } catch (IOException e) {
      return List.of(); // a thread that ended meanwhile
    }
  }
}
