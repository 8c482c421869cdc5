package cthelper.demo;

import java.io.Serial;

/** The world did not do what the story says. */
final class NotAsTold extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  NotAsTold(String instead) {
    super(instead);
  }
}
