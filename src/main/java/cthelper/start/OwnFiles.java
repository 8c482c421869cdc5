package cthelper.start;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files without which this program cannot be started: the JVM's and its own. */
record OwnFiles(List<Path> paths) {

  OwnFiles {
    paths = List.copyOf(paths);
  }

  static OwnFiles ofThisProcess() throws IOException {
    Path java = Files.readSymbolicLink(Path.of("/proc/self/exe"));
    Stream<Path> classPath =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getProperty("java.class.path", ""))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of);
    return new OwnFiles(
        Stream.concat(Stream.of(java, Path.of("")), classPath).map(Path::toAbsolutePath).toList());
  }

  /** The first one that a thread cannot read after it has given something up; empty when none. */
  Optional<Path> unreadableWith(Runnable givesUp) {
    CompletableFuture<Optional<Path>> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("with-less")
        .start(() -> {
          try {
            givesUp.run();
            answer.complete(paths.stream().filter(path -> !Files.isReadable(path)).findFirst());
          } catch (RuntimeException | LinkageError e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
