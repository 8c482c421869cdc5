package cthelper.service;

import cthelper.lab.Command;
import cthelper.testing.PostgresPrograms;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server that several services share, at one of two addresses, and that can be taken
 * away from them. Durable, as that of a cloud is.
 */
public final class SharedDatabase implements AutoCloseable {

  private static final String USER = "postgres";

  private final Path directory;
  private final int[] ports;
  private int current;
  private EmbeddedPostgres server;

  public SharedDatabase() {
    try {
      directory = Files.createTempDirectory("shared-database");
      ports = new int[] {ServiceProcess.freePort(), ServiceProcess.freePort()};
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = launched();
  }

  private EmbeddedPostgres launched() {
    try {
      return PostgresPrograms.builder()
          .setDataDirectory(directory.resolve("data"))
          .setCleanDataDirectory(false)
          .setRegisterShutdownHook(false)
          .setPort(ports[current])
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For the environment of a service; it looks for the server at both addresses. */
  public Map<String, String> settings() {
    return Map.of(
        "QUARKUS_DATASOURCE_JDBC_URL",
        "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?targetServerType=primary"
            .formatted(ports[0], ports[1]),
        "QUARKUS_DATASOURCE_USERNAME",
        USER,
        "QUARKUS_DATASOURCE_PASSWORD",
        USER);
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(ports[current]), USER, USER);
  }

  /** Every transaction that is under way is rolled back. */
  void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL: what was not on the disk is lost, which must be nothing that anybody was told of. */
  void kill() {
    try {
      String pid = Files.readAllLines(directory.resolve("data/postmaster.pid")).getFirst().strip();
      ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      Command.of("kill", "-STOP", pid).run(); // it makes no more of them
      List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
      all.add(postmaster);
      all.forEach(ProcessHandle::destroyForcibly);
      all.forEach(process -> process.onExit().join());
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    server = launched();
  }

  /** From now on it is at the other address, as after a failover. */
  void move() {
    stop();
    current = 1 - current;
    start();
  }

  @Override
  public void close() {
    try {
      stop();
    } finally {
      Command.of("rm", "-rf", directory.toString()).run();
    }
  }
}
