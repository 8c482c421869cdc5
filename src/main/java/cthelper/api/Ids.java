package cthelper.api;

import java.util.Optional;
import java.util.UUID;

/** Ids as clients write them in URLs and bodies. */
final class Ids {

  private Ids() {}

  /** The UUID in canonical lower-case form, or nothing for any other text; never throws. */
  static Optional<UUID> uuid(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
