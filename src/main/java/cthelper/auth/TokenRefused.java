package cthelper.auth;

/**
 * There is no token, or the Identity service does not know it (any more). Not a failure of ours.
 */
public final class TokenRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TokenRefused() {
    super("token refused", null, false, false);
  }
}
