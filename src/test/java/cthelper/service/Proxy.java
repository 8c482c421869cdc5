package cthelper.service;

import static org.awaitility.Awaitility.await;

import cthelper.helm.Chart;
import cthelper.lab.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The chart's proxy as a process of this machine, in front of a running service. */
final class Proxy implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(10);

  private final Process process;
  private final Path directory;
  private final int port;

  private Proxy(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param servicePort where the service listens
   * @param certificates where {@code tls.crt} and {@code tls.key} are, if the chart wants them
   * @throws IllegalStateException one line that names the Debian package when there is no HAProxy
   */
  static Proxy start(Chart chart, String token, int servicePort, Path certificates) {
    try {
      int port = ServiceProcess.freePort();
      Path directory = Files.createTempDirectory("proxy");
      Path configuration =
          Files.writeString(
              directory.resolve("haproxy.cfg"),
              chart
                  .proxyConfiguration()
                  .replaceFirst("bind :\\d+", "bind 127.0.0.1:" + port)
                  .replace("127.0.0.1:9696", "127.0.0.1:" + servicePort)
                  .replace("/etc/tls", certificates.toString()));
      ProcessBuilder builder =
          new ProcessBuilder(
                  Command.require("haproxy").toString(), "-db", "-f", configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile());
      builder.environment().put("API_TOKEN", token);
      Proxy proxy = new Proxy(builder.start(), directory, port);
      await("the proxy listens")
          .atMost(LONGEST_START)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> proxy.listens() || !proxy.process.isAlive());
      if (!proxy.process.isAlive()) {
        throw new IllegalStateException("the proxy did not start:\n" + proxy.output());
      }
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** Everything it has logged so far. */
  String output() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    Command.of("rm", "-rf", directory.toString()).run();
  }
}
