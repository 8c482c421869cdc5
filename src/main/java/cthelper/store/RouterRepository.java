package cthelper.store;

import static cthelper.store.FenceRow.RETURNING_FENCE;

import cthelper.model.Fence;
import cthelper.model.ProjectScope;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.PanacheQuery;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import io.quarkus.panache.common.Sort.Direction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Statements about routers; the transaction is the caller's. */
@ApplicationScoped
class RouterRepository implements PanacheRepositoryBase<RouterEntity, UUID> {

  private static final String IN_REACH = "id = ?1 and (?2 = true or projectId = ?3)";

  private final Statements statements;

  RouterRepository(Statements statements) {
    this.statements = statements;
  }

  Optional<RouterEntity> find(ProjectScope scope, RouterId router) {
    return find(IN_REACH, router.value(), scope.everybody(), scope.projectId())
        .singleResultOptional();
  }

  Optional<RouterEntity> lock(ProjectScope scope, RouterId router) {
    return find(IN_REACH, router.value(), scope.everybody(), scope.projectId())
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .singleResultOptional();
  }

  Optional<Fence> fenceOf(RouterId router) {
    return getSession()
        .createNativeQuery(
            """
            SELECT installation.id AS installation, installation.epoch, router.fence
            FROM router, installation
            WHERE router.id = :id AND router.deleted_at IS NULL
            """,
            Tuple.class)
        .setParameter("id", router.value())
        .uniqueResultOptional()
        .map(FenceRow::of);
  }

  List<RouterEntity> list(RouterSelection selection) {
    Map<String, Object> values = new TreeMap<>(selection.narrowed());
    List<String> conditions = new ArrayList<>();
    values.keySet().forEach(field -> conditions.add(field + " in :" + field));
    selection
        .beside()
        .ifPresent(one -> {
          conditions.add(selection.backwards() ? "id < :beside" : "id > :beside");
          values.put("beside", one.value());
        });
    Sort order = Sort.by("id", selection.backwards() ? Direction.Descending : Direction.Ascending);
    PanacheQuery<RouterEntity> found = find(String.join(" and ", conditions), order, values);
    selection.most().ifPresent(most -> found.page(Page.ofSize(most)));
    return found.list();
  }

  /** How many routers a project has; nobody else counts them until the transaction is over. */
  long holdAndCount(String project) {
    String _ =
        getSession()
            .createNativeQuery(
                "SELECT cast(pg_advisory_xact_lock(hashtextextended(:project, 0)) AS text)",
                String.class)
            .setParameter("project", project)
            .getSingleResult();
    return count("projectId", project);
  }

  /**
   * Inserts the router, or brings a tombstone of this id back to life as a new router. Either way
   * with a new fence, drawn after the row is locked: what a node still holds is older.
   *
   * @param origin who says whose it is
   * @return nothing when there is a router of this id
   */
  Optional<Fence> insertOrRevive(NewRouter router, RouterOrigin origin) {
    return getSession()
        .createNativeQuery(
            """
            INSERT INTO router
              (id, project_id, name, description, admin_state_up, distributed, ha, origin,
               fence)
            VALUES
              (:id, :project, :name, :description, :adminStateUp, :distributed, :ha, :origin,
               nextval('fence'))
            ON CONFLICT (id) DO UPDATE SET
              project_id = excluded.project_id,
              name = excluded.name,
              description = excluded.description,
              admin_state_up = excluded.admin_state_up,
              distributed = excluded.distributed,
              ha = excluded.ha,
              origin = excluded.origin,
              revision_number = 1,
              fence = nextval('fence'),
              fence_drawn_at = clock_timestamp(),
              created_at = now(),
              updated_at = now(),
              deleted_at = NULL
            WHERE router.deleted_at IS NOT NULL\
            """
                + RETURNING_FENCE,
            Tuple.class)
        .setParameter("id", router.id().value())
        .setParameter("project", router.projectId())
        .setParameter("name", router.name())
        .setParameter("description", router.description())
        .setParameter("adminStateUp", router.adminStateUp())
        .setParameter("distributed", router.distributed())
        .setParameter("ha", router.ha())
        .setParameter("origin", origin.stored())
        .uniqueResultOptional()
        .map(FenceRow::of);
  }

  /**
   * The first statement of every change of a router's conntrack helpers: locks the router's row
   * until the end of the transaction, counts the change and draws its fence.
   *
   * <p>PostgreSQL computes the new row again when it had to wait for the lock, so the number is
   * always drawn after that of the change it waited for.
   *
   * @return nothing when there is no such router in reach
   */
  Optional<Fence> beginChange(ProjectScope scope, RouterId router) {
    return statements.find(
        """
        UPDATE router
        SET revision_number = revision_number + 1, updated_at = now(),
            fence = nextval('fence'), fence_drawn_at = clock_timestamp()
        WHERE id = ? AND deleted_at IS NULL AND (? OR project_id = ?)\
        """
            + RETURNING_FENCE,
        FenceRow::read,
        router.value(),
        scope.everybody(),
        scope.projectId());
  }
}
