package cthelper.service;

import cthelper.lab.Command;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A node: its files, its namespaces, its executor's process. Its tables are without owner, so that
 * others can change them and a restart writes nothing.
 */
final class Node implements AutoCloseable {

  private final String name;
  private final String controlPlane;
  private final DataFolder data = DataFolder.empty();
  private final NetnsDirectory namespaces = new NetnsDirectory();
  private final Map<String, String> settings = new HashMap<>();
  private ServiceProcess process;

  /**
   * @param controlPlane addresses of reconcilers, for example {@code 127.0.0.1:9697}
   * @param more settings
   */
  Node(String name, String controlPlane, Map<String, String> more) {
    this(name, controlPlane, more, _ -> {});
  }

  /**
   * @param prepared is given its data directory before it starts
   */
  private Node(
      String name, String controlPlane, Map<String, String> more, Consumer<Path> prepared) {
    this.name = name;
    this.controlPlane = controlPlane;
    prepared.accept(data.path());
    settings.putAll(more);
    settings.put("CTHELPER_ROLES", "executor");
    settings.put("CTHELPER_NODE_NAME", name);
    settings.put("CTHELPER_EXECUTOR_CONTROL_PLANE", controlPlane);
    settings.put("CTHELPER_EXECUTOR_TABLE_OWNER", "false");
    settings.put("CTHELPER_NETNS_DIR", namespaces.path().toString());
    process = ServiceProcess.launch(List.of(), data.path(), settings);
  }

  /** Waits until it is; returns itself. */
  Node awaitReady() {
    process.awaitReady();
    return this;
  }

  /** Another one with the same id. */
  Node copy() {
    Path from = data.path().resolve("node");
    return new Node(
        name,
        controlPlane,
        settings,
        to -> {
          Command.of("mkdir", to.resolve("node").toString()).run();
          Command.of("cp", from.resolve("id").toString(), to.resolve("node/id").toString()).run();
        });
  }

  NetnsDirectory namespaces() {
    return namespaces;
  }

  ServiceProcess process() {
    return process;
  }

  Path data() {
    return data.path();
  }

  /** Ends its process, if it has not ended, and starts it on the same files. */
  void startAgain() {
    launchAgain();
    process.awaitReady();
  }

  /** The same, without waiting until it is ready. */
  void launchAgain() {
    process.close();
    process = ServiceProcess.launch(List.of(), data.path(), settings);
  }

  void signal(String name) {
    Command.of("kill", "-" + name, Long.toString(process.pid())).run();
  }

  @Override
  public void close() {
    process.close();
    namespaces.close();
    data.close();
  }
}
