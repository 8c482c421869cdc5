package cthelper.api;

/** A project has made all the requests it may make for now. An answer, not a failure of ours. */
final class TooManyRequests extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long retryAfterSeconds;

  TooManyRequests(long retryAfterSeconds) {
    super("too many requests", null, false, false);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
