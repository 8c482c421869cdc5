package cthelper.truth;

/** Something is not as it must be. */
final class Untrue extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Untrue(String message) {
    super(message);
  }
}
