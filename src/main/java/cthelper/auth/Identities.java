package cthelper.auth;

import org.jspecify.annotations.Nullable;

/** The one place that says who calls. Thread-safe; may block for as long as Keystone may take. */
public interface Identities {

  /**
   * Whose token this is.
   *
   * @param token the value of {@code X-Auth-Token}, null without one
   * @throws TokenRefused when it is nobody's
   * @throws IdentityServiceAway when nobody can tell
   */
  Caller of(@Nullable String token);

  /** The value of {@code WWW-Authenticate} that goes with a refused token. */
  String challenge();
}
