package cthelper.store;

import java.util.Locale;

/** Who said whose a router is. In the database: the name in lower case. */
public enum RouterOrigin {
  /** Whoever created it here; nobody else is asked. */
  POSTED,
  /** The Networking service, when it was last asked. */
  NETWORKING,
  /** Nobody: it was found as a namespace, or the Networking service knows it no more. */
  ADOPTED;

  static RouterOrigin of(String stored) {
    return valueOf(stored.toUpperCase(Locale.ROOT));
  }

  String stored() {
    return name().toLowerCase(Locale.ROOT);
  }
}
