package cthelper.stream;

import cthelper.config.CtHelperConfig;
import cthelper.config.NodeLinkKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while a reconciler hears this process's executor.
 *
 * <p>{@code {"name": "control-plane", "status": "DOWN", "data": {"reason": "127.0.0.1:9697:
 * ..."}}}; always up where the executor has a reconciler in its own process, or there is none.
 */
@Readiness
@ApplicationScoped
class ControlPlaneHealth implements HealthCheck {

  private final boolean dials;
  private final ControlPlane controlPlane;

  ControlPlaneHealth(CtHelperConfig config, ControlPlane controlPlane) {
    this.dials = NodeLinkKind.of(config).dials();
    this.controlPlane = controlPlane;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<String> trouble = dials ? controlPlane.trouble() : Optional.empty();
    HealthCheckResponseBuilder answer =
        HealthCheckResponse.named("control-plane").status(trouble.isEmpty());
    trouble.ifPresent(reason -> answer.withData("reason", reason));
    return answer.build();
  }
}
