package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A failed start is explained in plain words, in one line for each thing to mend. */
class StartFailureTest {

  @Test
  void aPortTakenMeanwhileNamesTheSetting() {
    Throwable failure = new RuntimeException("Failed to start", new BindException("in use"));
    assertThat(StartFailure.explain(failure))
        .containsExactly(
            "a port was taken while starting: set QUARKUS_HTTP_PORT or QUARKUS_MANAGEMENT_PORT to"
                + " another one");
  }

  @Test
  void aDatabaseThatCannotBeUsedNamesTheSettings() {
    Throwable failure =
        new RuntimeException(
            "Flyway", new SQLException("Connection to db:5432 refused.\nCheck the hostname."));
    assertThat(StartFailure.explain(failure))
        .containsExactly(
            "the database cannot be used (Connection to db:5432 refused.): check"
                + " QUARKUS_DATASOURCE_JDBC_URL, QUARKUS_DATASOURCE_USERNAME and"
                + " QUARKUS_DATASOURCE_PASSWORD");
  }

  @Test
  void aPasswordIsNotShown() {
    Throwable failure =
        new SQLException("no driver for jdbc:x://db/a?password=s3cret&user=me anywhere");
    assertThat(StartFailure.explain(failure))
        .singleElement()
        .asString()
        .contains("jdbc:x://db/a?password=***&user=me anywhere")
        .doesNotContain("s3cret");
  }

  @Test
  void aRefusalKeepsEachOfItsLinesWhateverCausedIt() {
    StartRefused refused = new StartRefused(List.of("first thing", "second thing\nwith detail"));
    refused.initCause(new BindException("in use"));
    assertThat(StartFailure.explain(new RuntimeException(refused)))
        .containsExactly("first thing", "second thing");
  }

  static Stream<Arguments> others() {
    return Stream.of(
        Arguments.of(new RuntimeException("a", new IOException("disk full")), "disk full"),
        Arguments.of(new IllegalStateException("one\ntwo"), "one"),
        Arguments.of(new IllegalStateException(), "illegal state"),
        Arguments.of(new StackOverflowError(), "stack overflow"),
        Arguments.of(new IllegalStateException(" "), "illegal state"),
        Arguments.of(new UnknownHostException("db.example"), "unknown host: db.example"),
        Arguments.of(new NoSuchFileException("/x/id"), "no such file: /x/id"),
        Arguments.of(new AccessDeniedException("/x/id"), "access denied: /x/id"),
        Arguments.of(
            new FileSystemException("/x", null, "Read-only file system"),
            "/x: Read-only file system"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void anythingElseIsSaidInOneLineByItsRootCause(Throwable failure, String words) {
    assertThat(StartFailure.explain(failure)).containsExactly("could not start: " + words);
  }

  @Test
  void causesThatGoInCirclesEnd() {
    Exception first = new Exception("first");
    Exception second = new Exception("second", first);
    first.initCause(second);
    assertThat(StartFailure.explain(first)).hasSize(1);
  }
}
