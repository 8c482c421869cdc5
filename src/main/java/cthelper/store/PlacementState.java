package cthelper.store;

/** Where a placement of a known router stands, the first that is true. */
public enum PlacementState {
  /** Its node is away. */
  UNREACHABLE,
  /** The last attempt failed as a whole; it is tried again. */
  FAILED,
  /** Its router has changed since it was last proven. */
  PENDING,
  /** Proven, but some of its helpers are refused. */
  REFUSED,
  /** Its kernel holds every helper of its router. */
  PROVEN
}
