package cthelper.config;

import java.util.Set;

/** What a process does; {@code cthelper.roles} names some or all. */
public enum Role {
  /** HTTP; needs the database. */
  API,
  /** Sends desired states to nodes and records what they report; needs the database. */
  RECONCILER,
  /** Enters this node's router namespaces; needs privileges, no database. */
  EXECUTOR;

  /** Whether one of these needs the database. */
  public static boolean needDatabase(Set<Role> roles) {
    return roles.contains(API) || roles.contains(RECONCILER);
  }
}
