package cthelper.start;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started from the moment every role of this process runs; never again not. Thread-safe. */
@Startup
@ApplicationScoped
class StartedHealth implements HealthCheck {

  private volatile boolean isStarted;

  void allRolesRun() {
    isStarted = true;
  }

  @Override
  public HealthCheckResponse call() {
    return isStarted
        ? HealthCheckResponse.up("roles")
        : HealthCheckResponse.named("roles").down().withData("reason", "starting").build();
  }
}
