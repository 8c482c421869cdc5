package cthelper.start;

import java.net.BindException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts a failed start into the words of the person who has to mend it. Pure. */
final class StartFailure {

  private StartFailure() {}

  /** One line, never a stack trace. */
  static List<String> explain(Throwable failure) {
    if (find(failure, BindException.class).isPresent()) {
      return List.of(
          "the port of the API was taken while starting: set QUARKUS_HTTP_PORT to another one");
    }
    Optional<SQLException> database = find(failure, SQLException.class);
    if (database.isPresent()) {
      return List.of(
          "the database cannot be used ("
              + firstLine(database.get())
              + "): check QUARKUS_DATASOURCE_JDBC_URL, QUARKUS_DATASOURCE_USERNAME and"
              + " QUARKUS_DATASOURCE_PASSWORD");
    }
    Optional<StartRefused> refused = find(failure, StartRefused.class);
    if (refused.isPresent()) {
      return List.of(firstLine(refused.get()));
    }
    return List.of("could not start: " + firstLine(root(failure)));
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

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
