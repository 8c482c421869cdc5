package cthelper.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lies where in {@code cthelper.data-dir}.
 *
 * <pre>
 * lock                 held while a process uses the directory
 * postgres/            the embedded database
 * postgres-unfinished  there while the database is made; what it made is of no use then
 * postgres-password    its superuser's password, readable by its owner only
 * postgres-programs/   its programs, unpacked
 * postgres.log         what it says
 * node/id              this node's agent id
 * node/tombstones      fences of removed tables
 * node/states          what each namespace is to hold, for when nobody can be asked
 * node/revokes         removed helpers that live connections may still carry
 * </pre>
 */
public record DataDirectory(Path path) {

  /** The configured directory, or {@code conntrack-helper} in the user's own data folder. */
  public static DataDirectory of(CtHelperConfig config) {
    return new DataDirectory(
        config.dataDir().orElseGet(() -> usersOwn(System.getenv())).toAbsolutePath().normalize());
  }

  static Path usersOwn(Map<String, String> environment) {
    @Nullable String dataHome = environment.get("XDG_DATA_HOME");
    Path base =
        dataHome != null && dataHome.startsWith("/")
            ? Path.of(dataHome)
            : Path.of(System.getProperty("user.home"), ".local", "share");
    return base.resolve("conntrack-helper");
  }

  public Path lock() {
    return path.resolve("lock");
  }

  public Path postgres() {
    return path.resolve("postgres");
  }

  public Path postgresUnfinished() {
    return path.resolve("postgres-unfinished");
  }

  public Path postgresPassword() {
    return path.resolve("postgres-password");
  }

  public Path postgresPrograms() {
    return path.resolve("postgres-programs");
  }

  public Path node() {
    return path.resolve("node");
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
