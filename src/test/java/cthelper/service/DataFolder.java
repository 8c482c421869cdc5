package cthelper.service;

import cthelper.lab.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * A data directory of a test. When it is closed, a PostgreSQL that a killed service left in it ends
 * too, and the files go.
 */
public final class DataFolder implements AutoCloseable {

  private final Path path;

  /** Empty, but for what need not be unpacked again for each test. */
  public DataFolder() {
    this(Prepared::programsInto);
  }

  private DataFolder(Preparation preparation) {
    try {
      path = Files.createTempDirectory("cthelper-data");
      preparation.of(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a user's is before the first start. */
  static DataFolder empty() {
    return new DataFolder(_ -> {});
  }

  private interface Preparation {
    void of(Path path) throws IOException;
  }

  public Path path() {
    return path;
  }

  /** Where the embedded database says who it is while it runs. */
  public Path postmasterPid() {
    return path.resolve("postgres/postmaster.pid");
  }

  /** A connection to the embedded database, beside the service. */
  Connection connect() throws SQLException, IOException {
    List<String> pidFile = Files.readAllLines(postmasterPid());
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + pidFile.get(3) + "/postgres",
        "postgres",
        Files.readString(path.resolve("postgres-password")).strip());
  }

  @Override
  public void close() {
    try {
      endOrphan();
    } finally {
      Command.of("rm", "-rf", path.toString()).run();
    }
  }

  private void endOrphan() {
    try {
      String pid = Files.readAllLines(postmasterPid()).getFirst().strip();
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(server -> {
            server.destroyForcibly();
            server.onExit().join();
          });
    } catch (NoSuchFileException e) {
      // stopped in good order
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
