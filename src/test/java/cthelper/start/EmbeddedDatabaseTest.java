package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.config.DataDirectory;
import cthelper.lab.Command;
import cthelper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database of a single machine keeps its rows whatever ends it, and lets nobody else in. */
class EmbeddedDatabaseTest {

  private static final String INVALID_PASSWORD = "28P01";

  /** Made once: the first start takes seconds. Every test leaves it usable and not running. */
  @TempDir static Path shared;

  @BeforeAll
  static void makeTheDatabase() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(new DataDirectory(shared))) {
      execute(database, "CREATE TABLE kept (name text)");
    }
  }

  private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database.jdbcUrl(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(String url, String password) throws SQLException {
    return DriverManager.getConnection(url, "postgres", password);
  }

  private static List<String> kept(EmbeddedDatabase database) throws SQLException {
    try (Connection connection = connect(database.jdbcUrl(), database.password());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT string_agg(name, ' ' ORDER BY name) FROM kept")) {
      rows.next();
      return List.of(rows.getString(1).split(" "));
    }
  }

  /** The library would wait for a minute, whatever became of the server. */
  @Test
  @Timeout(40)
  void aServerThatGivesUpIsNotWaitedFor() throws Exception {
    Path settings = shared.resolve("postgres/postgresql.auto.conf");
    String before = Files.readString(settings);
    Files.writeString(settings, "no_such_setting = 1\n");
    try {
      assertThatThrownBy(() -> EmbeddedDatabase.start(new DataDirectory(shared)))
          .isInstanceOf(StartRefused.class)
          .hasRootCauseMessage("it gave up 3 times");
      assertThat(Thread.interrupted()).isFalse();
    } finally {
      Files.writeString(settings, before);
    }
    try (EmbeddedDatabase database = EmbeddedDatabase.start(new DataDirectory(shared))) {
      execute(database, "SELECT 1");
    }
  }

  @Test
  void nobodyGetsInWithoutThePassword() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(new DataDirectory(shared))) {
      assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl() + "?user=postgres"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password");
      assertThatThrownBy(() -> connect(database.jdbcUrl(), "postgres"))
          .isInstanceOfSatisfying(
              SQLException.class,
              refusal -> assertThat(refusal.getSQLState()).isEqualTo(INVALID_PASSWORD));
      assertThat(database.jdbcUrl()).doesNotContain(database.password());
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(new DataDirectory(shared).postgresPassword())))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aRowOutlivesARestart() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(new DataDirectory(shared))) {
      execute(database, "INSERT INTO kept VALUES ('restart')");
    }
    try (EmbeddedDatabase database = EmbeddedDatabase.start(new DataDirectory(shared))) {
      assertThat(kept(database)).contains("restart");
    }
  }

  /** SIGKILL of the service leaves its server running, on another port than the next one gets. */
  @Test
  void aServerThatOutlivedItsServiceIsStoppedAndItsRowsAreThere() throws Exception {
    DataDirectory directory = new DataDirectory(shared);
    try (ChildJvm service =
        ChildJvm.start(shared, EmbeddedDatabaseProgram.class, directory.toString())) {
      String url = service.answer();
      String password = Files.readString(directory.postgresPassword()).strip();
      try (Connection connection = connect(url, password);
          Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO kept VALUES ('killed')");
      }
      ProcessHandle orphan = server(directory);
      service.kill();
      assertThat(orphan.isAlive()).isTrue();

      try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
        assertThat(orphan.isAlive()).isFalse();
        assertThat(kept(database)).contains("killed");
      }
    }
  }

  /** Shared memory that a process of the killed server still has would keep the next one away. */
  @Test
  void whatIsLeftOfAServerThatWasKilledItselfIsEnded() throws Exception {
    DataDirectory directory = new DataDirectory(shared);
    try (ChildJvm service =
        ChildJvm.start(shared, EmbeddedDatabaseProgram.class, directory.toString())) {
      String _ = service.answer();
      ProcessHandle server = server(directory);
      ProcessHandle late = server.children().findFirst().orElseThrow();
      Command.of("kill", "-STOP", Long.toString(late.pid())).run();
      server.destroyForcibly();
      server.onExit().join();
      service.kill();
      assertThat(late.isAlive()).isTrue();

      try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
        assertThat(late.isAlive()).isFalse();
        execute(database, "SELECT 1");
      }
    }
  }

  private static ProcessHandle server(DataDirectory directory) throws IOException {
    String pid = Files.readAllLines(directory.postgres().resolve("postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** initdb writes pg_control early and works on for a second: both are moments of a kill. */
  @Test
  void whatAKilledFirstStartLeftIsMadeAnew(@TempDir Path temporary) throws Exception {
    DataDirectory directory = new DataDirectory(temporary);
    makeFiles(directory.postgres(), "PG_VERSION", "postgresql.conf", "global/pg_control");
    Files.createFile(directory.postgresUnfinished());
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      execute(database, "CREATE TABLE kept AS SELECT 'new' AS name");
      assertThat(directory.postgresUnfinished()).doesNotExist();
    }
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      assertThat(kept(database)).containsExactly("new");
    }
  }

  @Test
  void aDirectoryThatCannotHaveHeldARowIsMadeAnew(@TempDir Path temporary) throws Exception {
    DataDirectory directory = new DataDirectory(temporary);
    makeFiles(directory.postgres(), "PG_VERSION", "postgresql.conf");
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      execute(database, "SELECT 1");
      assertThat(directory.postgres().resolve("global/pg_control")).exists();
    }
  }

  @Test
  void aDirectoryThatMayHaveHeldRowsIsNeverMadeAnew(@TempDir Path temporary) throws Exception {
    DataDirectory directory = new DataDirectory(temporary);
    makeFiles(directory.postgres(), "PG_VERSION", "postgresql.conf", "base/1/pg_filenode.map");
    assertThat(EmbeddedDatabase.isHalfMade(directory)).isFalse();
  }

  private static void makeFiles(Path directory, String... names) throws IOException {
    for (String name : names) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }
}
