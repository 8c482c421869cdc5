package cthelper.auth;

/**
 * The Identity service cannot be asked, or says what cannot be understood: nobody is let in, and
 * nobody is told that his token were wrong.
 */
public final class IdentityServiceAway extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param reason for the log, without any token or password
   */
  IdentityServiceAway(String reason) {
    super(reason, null, false, false);
  }
}
