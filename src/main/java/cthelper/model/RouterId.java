package cthelper.model;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a router: a UUID in its canonical lower-case form, for example {@code
 * 5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1}, the form namespaces are named with.
 */
public record RouterId(UUID value) {

  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** The id written canonically, or empty for anything else; never throws. */
  public static Optional<RouterId> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(new RouterId(UUID.fromString(text)))
        : Optional.empty();
  }

  public static RouterId random() {
    return new RouterId(UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
