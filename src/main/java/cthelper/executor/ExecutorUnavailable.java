package cthelper.executor;

/** The executor cannot work on this machine as it is; the message says why and what to do. */
public final class ExecutorUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ExecutorUnavailable(String message) {
    super(message);
  }

  ExecutorUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
