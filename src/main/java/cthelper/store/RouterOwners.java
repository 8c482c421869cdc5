package cthelper.store;

import static cthelper.config.Adoption.PROJECT_WITHOUT_AUTHENTICATION;

import cthelper.model.Fence;
import cthelper.model.ProjectScope;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/**
 * Whose routers are, and what the Networking service says about it: only with {@code
 * cthelper.router-source=neutron}. Thread-safe; every method is one short transaction (a loss may
 * be followed by a second one that purges tombstones) and may be called again with the same
 * arguments.
 *
 * <p>What somebody has posted here is never changed by it.
 */
@ApplicationScoped
public class RouterOwners {

  /** A row that only stands for a namespace, or that was posted before callers had projects. */
  private static final String IS_CLAIMED = "(origin <> 'adopted' AND project_id <> :nobody)";

  private final RouterRepository routers;
  private final ConntrackHelperRepository helpers;
  private final RouterTombstones tombstones;
  private final Event<RouterChanged> changed;

  RouterOwners(
      RouterRepository routers,
      ConntrackHelperRepository helpers,
      RouterTombstones tombstones,
      Event<RouterChanged> changed) {
    this.routers = routers;
    this.helpers = helpers;
    this.tombstones = tombstones;
    this.changed = changed;
  }

  /**
   * What is stored about the owner of a router.
   *
   * @param origin {@code ADOPTED} too for a router that was posted while there was no
   *     authentication: it belongs to the project that everybody was in
   */
  public record Owned(RouterOrigin origin, String projectId, String name) {

    /** Whether somebody said that it belongs to a project of these. */
    public boolean isIn(ProjectScope scope) {
      return origin != RouterOrigin.ADOPTED && scope.reaches(projectId);
    }
  }

  /** What came of asking about a router that there is not. */
  public enum Loss {
    /** It had no conntrack helpers: deleted, as a user would have. */
    FORGOTTEN,
    /** It has some: kept for administrators, out of the reach of its project. */
    KEPT
  }

  @Transactional
  public Optional<Owned> of(RouterId router) {
    return Panache.getSession()
        .createNativeQuery(
            """
            SELECT CASE WHEN %s THEN origin ELSE 'adopted' END AS origin, project_id, name
            FROM router WHERE id = :id AND deleted_at IS NULL
            """
                .formatted(IS_CLAIMED),
            Tuple.class)
        .setParameter("id", router.value())
        .setParameter("nobody", PROJECT_WITHOUT_AUTHENTICATION)
        .uniqueResultOptional()
        .map(row ->
            new Owned(
                RouterOrigin.of(row.get("origin", String.class)),
                row.get("project_id", String.class),
                row.get("name", String.class)));
  }

  /**
   * The Networking service has this router: makes it, or corrects project and name of one that
   * nobody has posted. Its conntrack helpers stay.
   *
   * @return whether that changed anything
   */
  @Transactional
  public boolean learn(RouterId router, String projectId, String name) {
    NewRouter told = new NewRouter(router, projectId, name, "", true, false, false);
    if (routers.insertOrRevive(told, RouterOrigin.NETWORKING).isPresent()) {
      changed.fire(new RouterChanged(router));
      return true;
    }
    return correct(told) > 0;
  }

  private static int correct(NewRouter told) {
    return Panache.getSession()
        .createNativeMutationQuery(
            """
            UPDATE router
            SET origin = 'networking', project_id = :project, name = :name,
                revision_number = revision_number + 1, updated_at = now()
            WHERE id = :id AND deleted_at IS NULL
              AND (origin = 'networking' OR NOT %s)
              AND (origin, project_id, name) <> ('networking', :project, :name)
            """
                .formatted(IS_CLAIMED))
        .setParameter("id", told.id().value())
        .setParameter("project", told.projectId())
        .setParameter("name", told.name())
        .setParameter("nobody", PROJECT_WITHOUT_AUTHENTICATION)
        .executeUpdate();
  }

  /**
   * The Networking service has no such router. That may be a mistake (another user, another
   * address), so no conntrack helper is ever deleted for it.
   *
   * @return nothing when there is none here either, or when it was posted
   */
  public Optional<Loss> lost(RouterId router) {
    Optional<Loss> loss = QuarkusTransaction.requiringNew().call(() -> lose(router));
    if (loss.equals(Optional.of(Loss.FORGOTTEN))) {
      tombstones.purge();
    }
    return loss;
  }

  private Optional<Loss> lose(RouterId router) {
    if (!lock(router)) {
      return Optional.empty();
    }
    if (!helpers.of(List.of(router)).isEmpty()) {
      return disown(router) > 0 ? Optional.of(Loss.KEPT) : Optional.empty();
    }
    Optional<Fence> buried = tombstones.bury(router);
    buried.ifPresent(_ -> changed.fire(new RouterChanged(router)));
    return buried.map(_ -> Loss.FORGOTTEN);
  }

  /** From now on nobody can create a conntrack helper on it. */
  private static boolean lock(RouterId router) {
    return Panache.getSession()
        .createNativeQuery(
            """
            SELECT true FROM router
            WHERE id = :id AND deleted_at IS NULL AND (origin = 'networking' OR NOT %s)
            FOR UPDATE
            """
                .formatted(IS_CLAIMED),
            Boolean.class)
        .setParameter("id", router.value())
        .setParameter("nobody", PROJECT_WITHOUT_AUTHENTICATION)
        .uniqueResultOptional()
        .isPresent();
  }

  private static int disown(RouterId router) {
    return Panache.getSession()
        .createNativeMutationQuery(
            """
            UPDATE router
            SET origin = 'adopted', project_id = :nobody,
                revision_number = revision_number + 1, updated_at = now()
            WHERE id = :id AND origin = 'networking'
            """)
        .setParameter("id", router.value())
        .setParameter("nobody", PROJECT_WITHOUT_AUTHENTICATION)
        .executeUpdate();
  }
}
