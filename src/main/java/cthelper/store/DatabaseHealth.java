package cthelper.store;

import cthelper.config.CtHelperConfig;
import cthelper.config.Role;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Ready while the database answers soon. A probe never waits longer for that than {@link #LIMIT},
 * and however many probes come, one question at most is open. Always up where no role needs it.
 *
 * <p>{@code {"name": "database", "status": "DOWN", "data": {"reason": "no answer within 2 s"}}}.
 */
@Readiness
@ApplicationScoped
class DatabaseHealth implements HealthCheck {

  private static final String NAME = "database";

  /** Kubernetes and load balancers wait for 5 s at most, often less. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Instance<AgroalDataSource> database;
  private final boolean isNeeded;
  private @Nullable CompletableFuture<Void> question;

  /**
   * @param database there is none to be injected where none is used
   */
  DatabaseHealth(Instance<AgroalDataSource> database, CtHelperConfig config) {
    this.database = database;
    this.isNeeded = Role.needDatabase(config.roles());
  }

  @Override
  public HealthCheckResponse call() {
    if (!isNeeded) {
      return HealthCheckResponse.up(NAME);
    }
    try {
      question().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return HealthCheckResponse.up(NAME);
    } catch (TimeoutException e) {
      return down("no answer within " + LIMIT.toSeconds() + " s");
    } catch (ExecutionException e) {
      return down("cannot be asked: " + reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return down("interrupted");
    }
  }

  private synchronized CompletableFuture<Void> question() {
    CompletableFuture<Void> open = question;
    if (open == null || open.isDone()) {
      open = CompletableFuture.runAsync(this::ask, task -> Thread.startVirtualThread(task));
      question = open;
    }
    return open;
  }

  private void ask() {
    try (Connection connection = database.get().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  private static HealthCheckResponse down(String reason) {
    return HealthCheckResponse.named(NAME).down().withData("reason", reason).build();
  }

  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
  }
}
