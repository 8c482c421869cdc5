import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A packaged service with the flags of {@code ./run} and data of its own; all of it goes again. */
record BenchService(Process process, Path data, int port, int streamPort) implements AutoCloseable {

  static BenchService start() throws IOException {
    return start(Map.of());
  }

  /** With API and reconciler only, for executors that dial it, on a database of these settings. */
  static BenchService startReplica(Map<String, String> database) throws IOException {
    Map<String, String> settings = new HashMap<>(database);
    settings.put("CTHELPER_ROLES", "api,reconciler");
    return start(settings);
  }

  private static BenchService start(Map<String, String> settings) throws IOException {
    Path data = Files.createTempDirectory("cthelper-bench");
    int port = freePort();
    int streamPort = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Xss512k",
                "-jar",
                "target/quarkus-app/quarkus-run.jar")
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("service.log").toFile());
    builder.environment().put("CTHELPER_DATA_DIR", data.toString());
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(freePort()));
    builder.environment().put("CTHELPER_LIMITS_HELPERS_PER_ROUTER", "5000");
    builder.environment().put("CTHELPER_NODE_STREAM_PORT", Integer.toString(streamPort));
    builder.environment().putAll(settings);
    return new BenchService(builder.start(), data, port, streamPort);
  }

  String base() {
    return "http://127.0.0.1:" + port;
  }

  /** Where executors dial it. */
  String nodeStream() {
    return "127.0.0.1:" + streamPort;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Processor time since its start, in hundredths of a second: proc_pid_stat(5). */
  long ticks() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroy();
    process.waitFor();
    new ProcessBuilder("rm", "-rf", data.toString()).inheritIO().start().waitFor();
  }
}
