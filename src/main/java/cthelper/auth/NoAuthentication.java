package cthelper.auth;

import cthelper.config.Adoption;
import org.jspecify.annotations.Nullable;

/**
 * Everyone is administrator of one project, and a token that clients send is ignored, as Neutron
 * does with {@code auth_strategy=noauth}. Off loopback the process refuses to start like this.
 */
final class NoAuthentication implements Identities {

  private static final Caller ANYONE =
      new Caller("anyone", Adoption.PROJECT_WITHOUT_AUTHENTICATION, Standing.ADMIN);

  @Override
  public Caller of(@Nullable String token) {
    return ANYONE;
  }

  @Override
  public String challenge() {
    return "";
  }
}
