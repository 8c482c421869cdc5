package cthelper.start;

import cthelper.executor.ExecutorUnavailable;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts a failed start into the words of the person who has to mend it. Pure. */
final class StartFailure {

  private StartFailure() {}

  /** One line for each thing to mend, usually one; never a stack trace. */
  static List<String> explain(Throwable failure) {
    Optional<StartRefused> refused = find(failure, StartRefused.class);
    if (refused.isPresent()) {
      return refused.get().lines().stream().map(StartFailure::firstLine).toList();
    }
    Optional<ExecutorUnavailable> executor = find(failure, ExecutorUnavailable.class);
    if (executor.isPresent()) {
      return List.of(words(executor.get()));
    }
    if (find(failure, BindException.class).isPresent()) {
      return List.of(
          "a port was taken while starting: set QUARKUS_HTTP_PORT or QUARKUS_MANAGEMENT_PORT to"
              + " another one");
    }
    Optional<SQLException> database = find(failure, SQLException.class);
    if (database.isPresent()) {
      return List.of(
          "the database cannot be used ("
              + words(database.get())
              + "): check QUARKUS_DATASOURCE_JDBC_URL, QUARKUS_DATASOURCE_USERNAME and"
              + " QUARKUS_DATASOURCE_PASSWORD");
    }
    return List.of("could not start: " + words(root(failure)));
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    return causes(failure).filter(type::isInstance).map(type::cast).findFirst();
  }

  private static Throwable root(Throwable failure) {
    return causes(failure).reduce((outer, inner) -> inner).orElse(failure);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(50);
  }

  /**
   * The message; where Java leaves it at the bare file or host, also what is the matter with it.
   */
  private static String words(Throwable failure) {
    String message = Objects.requireNonNullElse(failure.getMessage(), "");
    if (message.isBlank()) {
      return kind(failure);
    }
    boolean bare =
        failure instanceof UnknownHostException
            || (failure instanceof FileSystemException file && file.getReason() == null);
    return firstLine(bare ? kind(failure) + ": " + message : message);
  }

  /** {@code no such file} for a NoSuchFileException. */
  private static String kind(Throwable failure) {
    return failure
        .getClass()
        .getSimpleName()
        .replaceFirst("(Exception|Error)$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  /** A URL of a database may hold its password. */
  private static String firstLine(String text) {
    return Masked.in(text.strip().lines().findFirst().orElse(""));
  }
}
