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

  /**
   * Waits until it is ready. As a service manager does, it starts again a process that has ended by
   * itself, since it found no database when it was started.
   */
  void awaitReady() {
    try {
      process.awaitReady();
    } catch (IllegalStateException notReady) {
      if (!String.valueOf(notReady.getMessage()).startsWith(ServiceProcess.ENDED)) {
        throw notReady;
      }
      startAgain();
      process.awaitReady();
    }
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
