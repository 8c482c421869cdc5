package cthelper.store;

import cthelper.model.ConntrackHelper;
import cthelper.model.HelperSpec;
import cthelper.model.ProjectScope;
import cthelper.model.RouterId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Statements about conntrack helpers; the transaction, if there is to be one, is the caller's. */
@ApplicationScoped
class ConntrackHelperRepository {

  private static final String SELECT =
      "SELECT " + ConntrackHelperRow.COLUMNS + " FROM conntrack_helper WHERE ";
  private static final String RETURNING = " RETURNING " + ConntrackHelperRow.COLUMNS;

  /** Only where the router is in reach, in the same statement. */
  private static final String IN_REACH =
      """
       AND (? OR EXISTS (
        SELECT 1 FROM router
        WHERE router.id = router_id AND deleted_at IS NULL AND project_id = ?))
      """;

  private final Statements statements;

  ConntrackHelperRepository(Statements statements) {
    this.statements = statements;
  }

  /**
   * Always by both ids: a conntrack helper asked for under another router's URL does not exist
   * (OSSN-0102 is about a service that looked by its own id alone).
   */
  Optional<ConntrackHelper> find(ProjectScope scope, RouterId router, UUID helper) {
    return statements.find(
        SELECT + "router_id = ? AND id = ?" + IN_REACH,
        ConntrackHelperRow::read,
        router.value(),
        helper,
        scope.everybody(),
        scope.projectId());
  }

  /** Those of a router in reach, ordered by id. */
  List<ConntrackHelper> of(ProjectScope scope, RouterId router) {
    return statements.list(
        SELECT + "router_id = ?" + IN_REACH + "ORDER BY id",
        ConntrackHelperRow::read,
        router.value(),
        scope.everybody(),
        scope.projectId());
  }

  /** Ordered by id. One array parameter: any number of routers is the same statement. */
  List<ConntrackHelper> of(Collection<RouterId> routers) {
    return statements.list(
        SELECT + "router_id = ANY (?) ORDER BY id",
        ConntrackHelperRow::read,
        (Object) routers.stream().map(RouterId::value).toArray(UUID[]::new));
  }

  /** Those of the first router, then those of the next one, until there are so many. */
  List<ConntrackHelper> inOrder(List<RouterId> routers, int most) {
    return statements.list(
        "SELECT "
            + ConntrackHelperRow.COLUMNS
            + """
             FROM unnest(?) WITH ORDINALITY AS wanted (router, place)
               JOIN conntrack_helper ON router_id = wanted.router
            ORDER BY place, id LIMIT ?
            """,
        ConntrackHelperRow::read,
        routers.stream().map(RouterId::value).toArray(UUID[]::new),
        most);
  }

  /** Who has the port of this spec. */
  Optional<ConntrackHelper> at(RouterId router, HelperSpec spec) {
    return statements.find(
        SELECT + "router_id = ? AND protocol = ? AND port = ?",
        ConntrackHelperRow::read,
        router.value(),
        spec.protocol().wireName(),
        spec.port());
  }

  /** Gives it another spec, or the same one again: either way it is a new revision. */
  ConntrackHelper change(UUID helper, HelperSpec wanted) {
    return statements
        .find(
            """
            UPDATE conntrack_helper
            SET protocol = ?, port = ?, helper = ?, revision_number = revision_number + 1,
                updated_at = now()
            WHERE id = ?\
            """
                + RETURNING,
            ConntrackHelperRow::read,
            wanted.protocol().wireName(),
            wanted.port(),
            wanted.type().name(),
            helper)
        .orElseThrow();
  }

  /** It as it was; none when there is none. */
  Optional<ConntrackHelper> delete(UUID helper) {
    return statements.find(
        "DELETE FROM conntrack_helper WHERE id = ?" + RETURNING, ConntrackHelperRow::read, helper);
  }
}
