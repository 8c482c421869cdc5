package cthelper.api;

/**
 * Who calls.
 *
 * @param projectId what the caller creates belongs to it
 * @param admin may see and change what belongs to others
 */
record Caller(String projectId, boolean admin) {

  /** Whether the caller may name this project in a body. */
  boolean maySpeakFor(String otherProjectId) {
    return admin || projectId.equals(otherProjectId);
  }
}
