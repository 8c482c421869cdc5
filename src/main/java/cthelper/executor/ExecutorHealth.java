package cthelper.executor;

import cthelper.config.CtHelperConfig;
import cthelper.config.Role;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready from the moment this machine's namespaces are known and the reconciler has been told.
 *
 * <p>{@code {"name": "executor", "status": "UP", "data": {"namespaces": 12, "waiting": 0}}}: open
 * ones, and names that are there but not open (which routers may miss, but not this service);
 * without the role it is always up.
 */
@Readiness
@ApplicationScoped
class ExecutorHealth implements HealthCheck {

  private static final String NAME = "executor";

  private final boolean hasRole;
  private final LocalExecutor executor;

  ExecutorHealth(CtHelperConfig config, LocalExecutor executor) {
    this.hasRole = config.roles().contains(Role.EXECUTOR);
    this.executor = executor;
  }

  @Override
  public HealthCheckResponse call() {
    if (!hasRole) {
      return HealthCheckResponse.up(NAME);
    }
    if (!executor.isConnected()) {
      return HealthCheckResponse.named(NAME)
          .down()
          .withData("reason", "no reconciler is connected")
          .build();
    }
    NamespaceCounts counts = executor.namespaceCounts();
    return HealthCheckResponse.named(NAME)
        .up()
        .withData("namespaces", counts.open())
        .withData("waiting", counts.waiting())
        .build();
  }
}
