package cthelper.auth;

import java.util.Set;

/** What Keystone's roles come to here; each may do what those before it may. */
public enum Standing {
  /** Known, but with no role that counts here: {@code service} alone, for example. */
  NONE,
  /** Role {@code reader}: sees what belongs to the project. */
  READER,
  /** Role {@code member}: changes it too. */
  MEMBER,
  /** Role {@code admin}: sees and changes everything. */
  ADMIN;

  static Standing of(Set<String> roles) {
    if (roles.contains("admin")) {
      return ADMIN;
    }
    if (roles.contains("member")) {
      return MEMBER;
    }
    return roles.contains("reader") ? READER : NONE;
  }
}
