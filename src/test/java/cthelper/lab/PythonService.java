package cthelper.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A service of OpenStack as Debian packages it, started by a few lines of Python in {@code
 * src/test/resources/openstack}, on a port of loopback. Ends with the test that started it.
 */
public final class PythonService implements AutoCloseable {

  /** Debian's, whose packages are not for any other one. */
  private static final String PYTHON = "/usr/bin/python3";

  /** They load thousands of files, on a machine that may be busy. */
  public static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final Process process;
  private final int port;

  private PythonService(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it and waits until it takes connections.
   *
   * @param program its file name; gets the port as its argument
   * @param folder for what it says
   */
  public static PythonService start(
      String program, int port, Path folder, Map<String, String> environment) {
    Path file = Path.of("src/test/resources/openstack", program).toAbsolutePath();
    Path log = folder.resolve(program + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(PYTHON, file.toString(), Integer.toString(port)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      return new PythonService(builder.start(), port).awaitReady(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PythonService awaitReady(Path log) throws IOException {
    try {
      Waiting.until("it answers", LONGEST_START, () -> answers() || !process.isAlive());
      if (process.isAlive()) {
        return this;
      }
      throw new IllegalStateException("it did not start");
    } catch (IllegalStateException failure) {
      try (var _ = this) {
        throw new IllegalStateException(failure.getMessage() + ": " + Files.readString(log));
      }
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** A port that nobody has. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its root, {@code http://127.0.0.1:PORT}. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
