package cthelper.service;

import cthelper.lab.Command;
import cthelper.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One process of the packaged service. Ends with the test that started it, however that ends.
 *
 * <p>Everything it needs is its own: data directory, port, and through the private mount namespace
 * of the test run also {@code /run/netns}.
 */
public final class ServiceProcess implements AutoCloseable {

  static final String READY = "The conntrack-helper service is ready.";

  /** How the failure begins to wait for one that has ended. */
  static final String ENDED = "the service did not start";

  private static final Duration LONGEST_START = Duration.ofSeconds(75);

  /** Also of one that has to start before it ends by itself, on a machine that is busy. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final int port;
  private final int managementPort;

  private ServiceProcess(Process process, Path log, int port, int managementPort) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.managementPort = managementPort;
  }

  /** Starts it and waits until it is ready. */
  public static ServiceProcess start(Path data, Map<String, String> settings) {
    return launch(List.of(), data, settings).awaitReady();
  }

  /** Waits until it has said so, ends it if it does not; returns itself. */
  public ServiceProcess awaitReady() {
    try {
      Waiting.until(
          "the service is ready", LONGEST_START, () -> hasSaid(READY) || !process.isAlive());
      if (process.isAlive()) {
        return this;
      }
      throw new IllegalStateException(ENDED);
    } catch (IllegalStateException failure) {
      try (var _ = this) {
        throw new IllegalStateException(
            failure.getMessage() + ":\n" + output() + "\n" + threads(), failure);
      }
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it is busy with instead of being ready. */
  String threads() {
    if (!process.isAlive()) {
      return "";
    }
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      return Command.of(jcmd.toString(), Long.toString(pid()), "Thread.print").run();
    } catch (RuntimeException e) {
      return "its threads cannot be seen: " + e.getMessage();
    }
  }

  /**
   * Starts it and does not wait.
   *
   * @param wrapper a command line that runs the rest, for example {@code setpriv ...}
   */
  public static ServiceProcess launch(
      List<String> wrapper, Path data, Map<String, String> settings) {
    List<String> options = new ArrayList<>(Prepared.options());
    options.add("-XX:+UseSerialGC");
    return launch(wrapper, options, data, settings);
  }

  /** The same with other options of the JVM. */
  static ServiceProcess launch(
      List<String> wrapper, List<String> options, Path data, Map<String, String> settings) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1")); // it lives for seconds
    command.addAll(List.of("-jar", System.getProperty("cthelper.test.app")));
    return launchWith(command, data, settings);
  }

  /** The same by any command that becomes the service, for example {@code ./run}. */
  static ServiceProcess launchWith(List<String> command, Path data, Map<String, String> settings) {
    try {
      int port = freePort();
      int managementPort = freePort();
      Path log = Files.createTempFile("service", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      Map<String, String> environment = builder.environment();
      environment.put("CTHELPER_DATA_DIR", data.toString());
      environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
      environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
      environment.put("CTHELPER_NODE_STREAM_PORT", Integer.toString(freePort()));
      environment.putAll(settings);
      return new ServiceProcess(builder.start(), log, port, managementPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its API is, for example {@code http://127.0.0.1:34567}. */
  public String base() {
    return "http://127.0.0.1:" + port;
  }

  /** Where its health and metrics are. */
  String management() {
    return "http://127.0.0.1:" + managementPort;
  }

  int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  /** Everything it has written so far. */
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasSaid(String words) {
    return output().contains(words);
  }

  /** SIGTERM; returns how long it took to end. */
  public Duration stop() {
    Instant begin = Instant.now();
    process.destroy();
    awaitEnd();
    return Duration.between(begin, Instant.now());
  }

  /** SIGKILL: no hook runs, its PostgreSQL lives on. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Waits until it has ended by itself; returns its exit code. */
  public int awaitEnd() {
    try {
      if (!process.waitFor(LONGEST_STOP)) {
        throw new IllegalStateException("still running after " + LONGEST_STOP + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the service ended", e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      try {
        awaitEnd();
      } finally {
        process.destroyForcibly();
      }
    }
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, String> settings(String... namesAndValues) {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return settings;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
