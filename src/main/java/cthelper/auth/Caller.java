package cthelper.auth;

import cthelper.model.ProjectScope;

/**
 * Who calls.
 *
 * @param userId for the log only
 * @param projectId what the caller creates belongs to it
 */
public record Caller(String userId, String projectId, Standing standing) {

  public boolean isAdmin() {
    return standing == Standing.ADMIN;
  }

  public boolean isAtLeast(Standing needed) {
    return standing.compareTo(needed) >= 0;
  }

  /** Whose routers exist for this caller. */
  public ProjectScope scope() {
    return isAdmin() ? ProjectScope.EVERYBODY : ProjectScope.of(projectId);
  }

  /** Whether the caller may name this project in a body. */
  public boolean maySpeakFor(String otherProjectId) {
    return isAdmin() || projectId.equals(otherProjectId);
  }
}
