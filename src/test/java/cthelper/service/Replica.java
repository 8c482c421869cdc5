package cthelper.service;

import cthelper.lab.Command;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process with API and reconciler, one of several on a {@link SharedDatabase}. Its ports stay the
 * same however often it is started.
 */
final class Replica implements AutoCloseable {

  private static final String NO_DATABASE = "the database cannot be used";

  private final Map<String, String> settings;
  private final int streamPort;
  private final DataFolder data = DataFolder.empty();
  private ServiceProcess process;

  /** Starts it and does not wait. */
  Replica(SharedDatabase database) throws IOException {
    settings = new HashMap<>(database.settings());
    streamPort = ServiceProcess.freePort();
    settings.put("CTHELPER_ROLES", "api,reconciler");
    settings.put("QUARKUS_HTTP_PORT", Integer.toString(ServiceProcess.freePort()));
    settings.put("CTHELPER_NODE_STREAM_PORT", Integer.toString(streamPort));
    launch();
  }

  void launch() {
    process = ServiceProcess.launch(List.of(), data.path(), settings);
  }

  ServiceProcess process() {
    return process;
  }

  Api api() {
    return new Api("http://127.0.0.1:" + settings.get("QUARKUS_HTTP_PORT"));
  }

  /** Where executors dial it. */
  int streamPort() {
    return streamPort;
  }

  /** Waits until it is ready; starts it again if it ended meanwhile, see {@link #startIfEnded}. */
  void awaitReady() {
    try {
      process.awaitReady();
    } catch (IllegalStateException notReady) {
      String why = String.valueOf(notReady.getMessage()); // with all that it has said
      if (!why.startsWith(ServiceProcess.ENDED) || !why.contains(NO_DATABASE)) {
        throw notReady;
      }
      startAgain();
      process.awaitReady();
    }
  }

  /**
   * As a service manager does, starts a process again that has ended by itself, since it found no
   * database when it was started; by itself it ends for nothing else.
   *
   * @return whether it had
   */
  boolean startIfEnded() {
    if (process.isAlive()) {
      return false;
    }
    if (!process.hasSaid(NO_DATABASE)) {
      throw new IllegalStateException(ServiceProcess.ENDED + ":\n" + process.output());
    }
    startAgain();
    return true;
  }

  /** Ends its process, if it has not ended, and starts it; does not wait until it is ready. */
  void startAgain() {
    process.close();
    launch();
  }

  void signal(String name) {
    Command.of("kill", "-" + name, Long.toString(process.pid())).run();
  }

  @Override
  public void close() {
    try (data) {
      process.close();
    }
  }
}
