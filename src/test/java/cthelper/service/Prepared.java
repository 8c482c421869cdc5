package cthelper.service;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import cthelper.lab.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one start of the packaged service leaves for all that follow, so that each takes a third of
 * the time: what the JVM has learned (JEP 483, JEP 514; {@code ./run} uses it too), and
 * PostgreSQL's programs, unpacked. Made once for each build, in the directory that system property
 * {@code cthelper.test.prepared} names; without it nothing is prepared.
 */
final class Prepared {

  private static final Optional<Path> DIRECTORY =
      Optional.ofNullable(System.getProperty("cthelper.test.prepared")).map(Path::of);

  private static final Path APPLICATION =
      Path.of(System.getProperty("cthelper.test.app", "quarkus-run.jar")).resolveSibling("");

  private static boolean isReady;

  private Prepared() {}

  /** For the command line of a JVM that starts the service. */
  static synchronized List<String> options() {
    if (DIRECTORY.isEmpty()) {
      return List.of(); // few starts, for which preparing would take longer
    }
    Path directory = DIRECTORY.get();
    Path cache = APPLICATION.resolve("learned/service.aot");
    try {
      if (!isReady) {
        Files.createDirectories(directory);
        Files.createDirectories(APPLICATION.resolve("learned"));
        prepareOnce(directory, cache);
      }
      isReady = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of("-XX:AOTCache=" + cache);
  }

  /** Of two test processes the second one waits for the first. */
  private static void prepareOnce(Path directory, Path cache) throws IOException {
    try (FileChannel channel = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
        FileLock _ = channel.lock()) {
      if (!Files.exists(cache) || isOlderThanTheBuild(cache)) {
        Files.deleteIfExists(cache);
        prepare(cache, programs(directory));
      }
    }
  }

  /** Puts PostgreSQL's programs where a service with this data directory looks for them. */
  static void programsInto(Path data) throws IOException {
    options(); // those of an earlier build are about to be replaced
    Optional<Path> programs = DIRECTORY.map(Prepared::programs).filter(Files::isDirectory);
    if (programs.isPresent()) {
      Files.createSymbolicLink(programs(data), programs.get());
    }
  }

  /** Heap objects go into a cache only under G1; it serves the serial collector as well. */
  private static void prepare(Path cache, Path programs) {
    Command.of("rm", "-rf", programs.toString()).run();
    List<String> learning = List.of("-XX:AOTCacheOutput=" + cache, "-XX:+UseG1GC");
    try (DataFolder data = DataFolder.empty();
        ServiceProcess service =
            ServiceProcess.launch(List.of(), learning, data.path(), Map.of()).awaitReady()) {
      service.stop();
      Command.of("mv", programs(data.path()).toString(), programs.toString()).run();
    }
  }

  /** The JVM ignores a cache of other jar files, but says so. */
  private static boolean isOlderThanTheBuild(Path cache) throws IOException {
    FileTime made = Files.getLastModifiedTime(cache);
    try (Stream<Path> files = Files.walk(APPLICATION)) {
      for (Path file : files.toList()) {
        if (file.toString().endsWith(".jar")
            && Files.getLastModifiedTime(file).compareTo(made) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static Path programs(Path directory) {
    return directory.resolve("postgres-programs");
  }
}
