package cthelper.start;

import cthelper.config.DataDirectory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A real PostgreSQL server of our own, whose data outlives restarts and SIGKILL.
 *
 * <p>It listens on a free loopback port and asks for a password, since a database superuser can run
 * programs: without one, any user of the machine could. Start takes 3 s the first time, 1 s later.
 */
final class EmbeddedDatabase implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final int MOST_ATTEMPTS = 3;
  private static final String OWNER = "postgres";

  private final EmbeddedPostgres server;
  private final String password;
  private final Optional<ProcessHandle> process;
  private volatile boolean closing;

  private EmbeddedDatabase(
      EmbeddedPostgres server, Optional<ProcessHandle> process, String password) {
    this.server = server;
    this.process = process;
    this.password = password;
  }

  /**
   * Starts the server on this directory, after stopping the one a killed process left behind.
   *
   * @param directory locked by the caller
   * @throws StartRefused when it does not come up; its own words are in {@code postgres.log}
   */
  static EmbeddedDatabase start(DataDirectory directory) {
    Path log = directory.path().resolve("postgres.log");
    try {
      ServerProcess.stopOrphanOf(directory.postgres());
      dropHalfMade(directory);
      dropHalfUnpacked(directory.postgresPrograms());
      boolean isNew = !Files.exists(directory.postgres());
      if (isNew) {
        Files.writeString(directory.postgresUnfinished(), "");
      }
      String password = password(directory.postgresPassword());
      EmbeddedPostgres server = launch(directory, password, log);
      if (isNew) {
        finish(directory);
      }
      return new EmbeddedDatabase(server, ServerProcess.find(directory.postgres()), password);
    } catch (IOException | IllegalStateException e) {
      throw new StartRefused("the embedded PostgreSQL did not start; " + log + " says why", e);
    }
  }

  /**
   * Usually at once; a server whose port was taken meanwhile gives up, and the next one gets
   * another port.
   */
  private static EmbeddedPostgres launch(DataDirectory directory, String password, Path log)
      throws IOException {
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try (ServerWatch watch = ServerWatch.begin(log)) {
        EmbeddedPostgres server = builder(directory, password, log).start();
        if (!watch.hasGivenUp()) {
          return server;
        }
        closeHalfStarted(server);
      }
    }
    throw new IOException("it gave up " + MOST_ATTEMPTS + " times");
  }

  private static EmbeddedPostgres.Builder builder(
      DataDirectory directory, String password, Path log) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.postgres())
        .setOverrideWorkingDirectory(directory.postgresPrograms().toFile())
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPGStartupWait(LONGEST_START)
        // Both reach initdb as --name=value, after and therefore instead of "-A trust".
        .setLocaleConfig("auth", "scram-sha-256")
        .setLocaleConfig("pwfile", directory.postgresPassword().toString())
        .setConnectConfig("password", password)
        // The library is made for tests and turns durability off.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setOutputRedirector(Redirect.appendTo(log.toFile()))
        .setErrorRedirector(Redirect.appendTo(log.toFile()));
  }

  /** Gives back the library's lock; that there is no server to stop is no news. */
  private static void closeHalfStarted(EmbeddedPostgres server) {
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      LOG.debug("a server that gave up", e);
    }
  }

  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + OWNER;
  }

  String user() {
    return OWNER;
  }

  String password() {
    return password;
  }

  /** Calls once when the server ends although nobody has closed it. */
  void whenItEndsByItself(Runnable action) {
    process.ifPresent(server -> watch(server, action));
  }

  /**
   * Without a free descriptor the JDK cannot look at a process, and takes it for a dead one: its
   * directory in /proc, which is seen without one, tells.
   */
  private void watch(ProcessHandle server, Runnable action) {
    var _ =
        server
            .onExit()
            .thenRun(() -> {
              if (!closing && Files.exists(Path.of("/proc/" + server.pid()))) {
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                    .execute(() -> watch(server, action));
              } else if (!closing) {
                action.run();
              }
            });
  }

  @Override
  public void close() throws IOException {
    closing = true;
    server.close();
  }

  /** The database may hold rows from now on: the mark must not come back, power failure or not. */
  private static void finish(DataDirectory directory) throws IOException {
    Files.delete(directory.postgresUnfinished());
    try (FileChannel channel = FileChannel.open(directory.path(), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void dropHalfMade(DataDirectory directory) throws IOException {
    if (isHalfMade(directory)) {
      deleteWithContents(directory.postgres());
    }
  }

  /**
   * The library marks programs that are unpacked whole; half of them would keep it from starting.
   */
  private static void dropHalfUnpacked(Path programs) throws IOException {
    if (!Files.isDirectory(programs)) {
      return;
    }
    try (var versions = Files.list(programs)) {
      for (Path version : versions.filter(Files::isDirectory).toList()) {
        if (!Files.exists(version.resolve(".exists"))) {
          deleteWithContents(version);
        }
      }
    }
  }

  private static void deleteWithContents(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted((a, b) -> b.compareTo(a)).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }

  /**
   * Whether it is what a first start that was killed inside of initdb left; it has never held a
   * row. initdb works for a second after it has written all that a server needs to start, so our
   * mark tells; without one, the absence of what comes before any table.
   */
  static boolean isHalfMade(DataDirectory directory) {
    Path data = directory.postgres();
    return Files.isDirectory(data)
        && (Files.exists(directory.postgresUnfinished())
            || (!Files.exists(data.resolve("global/pg_control"))
                && !Files.exists(data.resolve("base/1/pg_filenode.map"))));
  }

  private static String password(Path file) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    // Never a moment with an empty or readable file, even if we are killed in between.
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, password + "\n", StandardOpenOption.WRITE);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    return password;
  }
}
