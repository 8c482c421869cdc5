package cthelper.auth;

import cthelper.lab.Command;
import cthelper.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Keystone itself, as Debian packages it, with a database of its own in a folder. Whoever has
 * {@link #ADMIN} and {@link #PASSWORD} may do everything there.
 */
public final class KeystoneServer implements AutoCloseable {

  public static final String ADMIN = "admin";
  public static final String PASSWORD = "canary-password-of-the-administrator";

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String DATABASE = "keystone.db";
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private final Process process;
  private final int port;

  private KeystoneServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Makes one and waits until it answers. */
  public static KeystoneServer start(Path folder) {
    try {
      int port = freePort();
      Path config = configure(folder);
      Path log = folder.resolve("keystone.log");
      manage(config, "db_sync");
      manage(
          config,
          "bootstrap",
          "--bootstrap-password",
          PASSWORD,
          "--bootstrap-region-id",
          "RegionOne",
          "--bootstrap-public-url",
          "http://127.0.0.1:" + port + "/v3");
      Path program = Path.of("src/test/resources/openstack/serve_keystone.py").toAbsolutePath();
      ProcessBuilder serving =
          new ProcessBuilder(
                  PYTHON.toString(),
                  program.toString(),
                  folder.resolve(DATABASE).toString(),
                  Integer.toString(port))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      serving.environment().put("OS_KEYSTONE_CONFIG_FILES", config.toString());
      return new KeystoneServer(serving.start(), port).awaitReady(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path configure(Path folder) throws IOException {
    Path fernet = folder.resolve("fernet");
    Files.createDirectory(
        fernet, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    SecureRandom random = new SecureRandom();
    for (String name : List.of("0", "1")) {
      byte[] key = new byte[32];
      random.nextBytes(key);
      Files.write(fernet.resolve(name), Base64.getUrlEncoder().encode(key));
    }
    String text =
        """
        [DEFAULT]
        log_dir = %1$s
        [database]
        connection = sqlite:///%1$s/%2$s
        [identity]
        password_hash_rounds = 4
        [fernet_tokens]
        key_repository = %1$s/fernet
        [fernet_receipts]
        key_repository = %1$s/fernet
        [credential]
        key_repository = %1$s/fernet
        """
            .formatted(folder, DATABASE);
    return Files.writeString(folder.resolve("keystone.conf"), text);
  }

  private static void manage(Path config, String... arguments) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("keystone-manage", "--config-file", config.toString()));
    line.addAll(List.of(arguments));
    Command.of(line.toArray(String[]::new)).within(LIMIT).run();
  }

  private KeystoneServer awaitReady(Path log) throws IOException {
    try {
      Waiting.until("Keystone answers", LIMIT, () -> answers() || !process.isAlive());
      if (process.isAlive()) {
        return this;
      }
      throw new IllegalStateException("Keystone did not start");
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Its root, without a version. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
