package cthelper.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for all tests of one run: empty at the start, gone at the end.
 *
 * <p>One test class names it with {@code scope = GLOBAL}; it then holds for every {@code
 * QuarkusTest}.
 */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {

  private @Nullable EmbeddedPostgres postgres;

  @Override
  public Map<String, String> start() {
    try {
      postgres = PostgresPrograms.builder().start();
    } catch (IOException e) {
      throw new UncheckedIOException("the tests need PostgreSQL, and it did not start", e);
    }
    return Map.of(
        "quarkus.datasource.jdbc.url", postgres.getJdbcUrl("postgres", "postgres"),
        "quarkus.datasource.username", "postgres",
        "quarkus.datasource.password", "postgres");
  }

  @Override
  public void stop() {
    try {
      if (postgres != null) {
        postgres.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not stop", e);
    }
  }
}
