package cthelper.model;

/**
 * Whose routers somebody may reach: everybody's, or those of one project. Every statement that
 * reads or writes on behalf of a caller carries one, so that what is out of reach does not exist.
 *
 * @param everybody whether the project is of no account
 * @param projectId the project; empty for everybody's
 */
public record ProjectScope(boolean everybody, String projectId) {

  public static final ProjectScope EVERYBODY = new ProjectScope(true, "");

  public boolean reaches(String otherProjectId) {
    return everybody || projectId.equals(otherProjectId);
  }

  public static ProjectScope of(String projectId) {
    return new ProjectScope(false, projectId);
  }
}
