package cthelper.api;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * The one place that says who calls. Authentication is off: everyone is administrator of one
 * project, and a token that clients send is ignored, as Neutron does with {@code
 * auth_strategy=noauth}. Off loopback the process refuses to start like this.
 */
@ApplicationScoped
class Callers {

  private static final Caller ANYONE = new Caller("fake_project_id", true);

  Caller current() {
    return ANYONE;
  }
}
