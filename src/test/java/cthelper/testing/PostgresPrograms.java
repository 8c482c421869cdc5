package cthelper.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;

/**
 * Which PostgreSQL the tests run on: the one that the service brings, or the one whose directory
 * (with {@code bin/initdb}) the environment names. CI names Debian's 15, the oldest we support.
 */
public final class PostgresPrograms {

  private static final String DIRECTORY = "TEST_POSTGRES";

  private PostgresPrograms() {}

  public static EmbeddedPostgres.Builder builder() {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
    String directory = System.getenv(DIRECTORY);
    return directory == null || directory.isEmpty()
        ? builder
        : builder
            .setPgBinaryResolver((_, _) -> packed(directory))
            .setServerConfig("unix_socket_directories", "/tmp"); // Debian's is for one user only
  }

  /** As the library wants them; what is in none of the two they find where they were installed. */
  private static InputStream packed(String directory) throws IOException {
    ProcessBuilder tar =
        new ProcessBuilder("tar", "-C", directory, "--exclude=bitcode", "-cJf", "-", "bin", "lib");
    tar.environment().put("XZ_OPT", "-0");
    return tar.redirectError(Redirect.INHERIT).start().getInputStream();
  }
}
