package cthelper.truth;

import cthelper.lab.Command;
import cthelper.service.DataFolder;
import cthelper.service.ServiceProcess;
import cthelper.truth.Step.Death;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The service under test, from one life to the next on the same data. */
final class Service implements AutoCloseable {

  private static final int LINES = 60;

  private final DataFolder data = new DataFolder();
  private final Map<String, String> settings;
  private volatile @Nullable ServiceProcess process;

  /**
   * @param settings environment variables
   */
  Service(Map<String, String> settings) {
    this.settings = settings;
  }

  /** Starts it; returns when it says that it is ready, answering requests before that. */
  void start() {
    ServiceProcess next = ServiceProcess.launch(List.of(), data.path(), settings);
    process = next;
    try {
      next.awaitReady();
    } catch (IllegalStateException e) {
      process = null;
      throw new Untrue(e.getMessage() + "\npostgres.log:\n" + tail(databaseLog()));
    }
  }

  /** For its users; empty while it is not running. */
  Optional<Client> client() {
    return Optional.ofNullable(process).map(running -> new Client(running.base()));
  }

  /** Ends it; returns what it left in its log. */
  void end(Death death) {
    ServiceProcess ending = running();
    switch (death) {
      case SIGTERM -> ending.stop();
      case SIGKILL -> ending.kill();
      case DATABASE -> {
        Command.of("kill", "-9", databasePid()).run();
        int _ = ending.awaitEnd();
      }
    }
    process = null;
    requireNoTrouble(ending, death);
    ending.close();
  }

  void freeze() {
    Command.of("kill", "-STOP", Long.toString(running().pid())).run();
  }

  void thaw() {
    Command.of("kill", "-CONT", Long.toString(running().pid())).run();
  }

  /** The last lines of its log. */
  String lastWords() {
    ServiceProcess running = process;
    return running == null ? "(not running)" : tail(running.output());
  }

  private static String tail(String text) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }

  /** An ERROR in the log needs a person: nothing here does, but the death of the database. */
  private static void requireNoTrouble(ServiceProcess ended, Death death) {
    String log = ended.output();
    int error = log.indexOf(" ERROR ");
    if (death != Death.DATABASE && error >= 0) {
      String more = log.substring(error).lines().limit(LINES).collect(Collectors.joining("\n"));
      throw new Untrue("expected no ERROR in the log, seen:\n" + more);
    }
  }

  private String databaseLog() {
    try {
      return Files.readString(data.path().resolve("postgres.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String databasePid() {
    try {
      return Files.readAllLines(data.postmasterPid()).getFirst().strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServiceProcess running() {
    return Optional.ofNullable(process).orElseThrow();
  }

  @Override
  public void close() {
    try (data) {
      ServiceProcess running = process;
      if (running != null) {
        running.close();
      }
    }
  }
}
