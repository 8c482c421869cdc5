package cthelper.reconcile;

import cthelper.config.CtHelperConfig;
import cthelper.config.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while what is due can be read.
 *
 * <p>{@code {"name": "reconciler", "status": "DOWN", "data": {"reason": "..."}}}; without the role
 * it is always up.
 */
@Readiness
@ApplicationScoped
class ReconcileHealth implements HealthCheck {

  private final boolean hasRole;
  private final ReconcileLoop loop;

  ReconcileHealth(CtHelperConfig config, ReconcileLoop loop) {
    this.hasRole = config.roles().contains(Role.RECONCILER);
    this.loop = loop;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<String> trouble = hasRole ? loop.trouble() : Optional.empty();
    HealthCheckResponseBuilder answer =
        HealthCheckResponse.named("reconciler").status(trouble.isEmpty());
    trouble.ifPresent(reason -> answer.withData("reason", reason));
    return answer.build();
  }
}
