package cthelper.config;

/** What a process does; {@code cthelper.roles} names some or all. */
public enum Role {
  /** HTTP; needs the database. */
  API,
  /** Sends desired states to nodes and records what they report; needs the database. */
  RECONCILER,
  /** Enters this node's router namespaces; needs privileges, no database. */
  EXECUTOR
}
