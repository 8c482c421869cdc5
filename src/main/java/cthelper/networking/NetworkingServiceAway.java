package cthelper.networking;

/**
 * The Networking service cannot be asked, or says what cannot be believed: nobody is let in, and
 * nobody is told that his router were unknown.
 */
public sealed class NetworkingServiceAway extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param reason for the log, without any token
   */
  NetworkingServiceAway(String reason) {
    super(reason, null, false, false);
  }

  /** The circuit breaker is open. */
  static NetworkingServiceAway leftAlone() {
    return new NetworkingServiceAway("it did not answer the last times; asked again in a moment");
  }

  /** It did answer, but about this router nothing that can be used; it may do so about others. */
  static final class NoSense extends NetworkingServiceAway {

    private static final long serialVersionUID = 1L;

    NoSense(String reason) {
      super(reason);
    }
  }
}
