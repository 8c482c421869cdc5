package cthelper.config;

import cthelper.config.CtHelperConfig.Auth;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Whether a namespace named {@code qrouter-<uuid>} becomes a router by itself, and whose it is
 * then: {@code cthelper.adopt}, by default on while there is no authentication.
 */
@ApplicationScoped
public class Adoption {

  /** The project everybody is administrator of while there is no authentication. */
  public static final String PROJECT_WITHOUT_AUTHENTICATION = "fake_project_id";

  private final boolean on;

  Adoption(CtHelperConfig config) {
    this.on = config.adopt().orElse(config.auth() == Auth.NONE);
  }

  public boolean isOn() {
    return on;
  }

  public String projectId() {
    return PROJECT_WITHOUT_AUTHENTICATION;
  }
}
