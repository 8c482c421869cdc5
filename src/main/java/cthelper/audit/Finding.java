package cthelper.audit;

import java.util.Locale;

/**
 * Something that is not as the API says. Example of its line:
 *
 * <pre>
 * leftover  qrouter-5c9e…  assignment ftp:tcp at port 21, but the router has no such helper
 * </pre>
 */
record Finding(Kind kind, String namespace, String text) {

  /** In which way it differs. */
  enum Kind {
    /** The API says ACTIVE, the kernel does not hold it. */
    MISSING,
    /** The kernel holds something of ours that the API does not say. */
    LEFTOVER,
    /** Our table is not as this service makes it. */
    DAMAGED,
    /** It could not be found out. */
    UNKNOWN
  }

  @Override
  public String toString() {
    return "%-9s %s  %s".formatted(kind.name().toLowerCase(Locale.ROOT), namespace, text);
  }
}
