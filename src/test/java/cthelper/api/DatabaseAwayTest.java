package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import cthelper.store.SignalRecorder;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Connections that die under the service are an honest 503, and heal by themselves. */
@QuarkusTest
class DatabaseAwayTest {

  @Inject AgroalDataSource pool;
  @Inject SignalRecorder signals;

  private static final int MOST_POOLED_CONNECTIONS = 100;

  @Test
  void deadConnectionsAre503UntilThePoolHasNewOnes() throws SQLException {
    Wire.get("/v2.0/routers").statusCode(200);

    killAllConnections();
    int before = signals.inDoubt();

    Wire.get("/v2.0/routers")
        .statusCode(503)
        .header("Retry-After", "2")
        .body("NeutronError.type", equalTo("HTTPServiceUnavailable"));
    assertThat(signals.inDoubt()).as("what was to be written may be").isGreaterThan(before);
    int tries = 0;
    while (Wire.get("/v2.0/routers").extract().statusCode() != 200) {
      assertThat(++tries).isLessThan(MOST_POOLED_CONNECTIONS);
    }
  }

  private void killAllConnections() throws SQLException {
    String url =
        pool.getConfiguration()
            .connectionPoolConfiguration()
            .connectionFactoryConfiguration()
            .jdbcUrl();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
          WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
          """);
    }
  }
}
