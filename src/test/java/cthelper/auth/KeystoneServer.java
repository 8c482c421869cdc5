package cthelper.auth;

import cthelper.lab.Command;
import cthelper.lab.PythonService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Keystone itself, as Debian packages it, with a database of its own in a folder. Whoever has
 * {@link #ADMIN} and {@link #PASSWORD} may do everything there.
 */
public final class KeystoneServer implements AutoCloseable {

  public static final String ADMIN = "admin";
  public static final String PASSWORD = "canary-password-of-the-administrator";

  private final PythonService service;

  private KeystoneServer(PythonService service) {
    this.service = service;
  }

  /** Makes one and waits until it answers. */
  public static KeystoneServer start(Path folder) {
    int port = PythonService.freePort();
    Path config = configure(folder);
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
    return new KeystoneServer(
        PythonService.start(
            "serve_keystone.py",
            port,
            folder,
            Map.of("OS_KEYSTONE_CONFIG_FILES", config.toString())));
  }

  private static Path configure(Path folder) {
    try {
      Path fernet = folder.resolve("fernet");
      Files.createDirectory(
          fernet,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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
          connection = sqlite:///%1$s/keystone.db
          [identity]
          password_hash_rounds = 4
          [fernet_tokens]
          key_repository = %1$s/fernet
          [fernet_receipts]
          key_repository = %1$s/fernet
          [credential]
          key_repository = %1$s/fernet
          """
              .formatted(folder);
      return Files.writeString(folder.resolve("keystone.conf"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void manage(Path config, String... arguments) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("keystone-manage", "--config-file", config.toString()));
    line.addAll(List.of(arguments));
    Command.of(line.toArray(String[]::new)).within(PythonService.LONGEST_START).run();
  }

  /** Its root, without a version. */
  public String url() {
    return service.url();
  }

  @Override
  public void close() {
    service.close();
  }
}
