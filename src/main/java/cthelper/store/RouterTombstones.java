package cthelper.store;

import static cthelper.store.FenceRow.RETURNING_FENCE;

import cthelper.model.Fence;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.Optional;

/**
 * Routers that are deleted but not yet gone: they desire nothing, at a new fence, until no node
 * reports a namespace of theirs any more.
 */
@ApplicationScoped
class RouterTombstones {

  /** Makes the router a tombstone without conntrack helpers; nothing when there is none. */
  @Transactional(Transactional.TxType.MANDATORY)
  Optional<Fence> bury(RouterId router) {
    Optional<Fence> fence =
        Panache.getSession()
            .createNativeQuery(
                """
                UPDATE router
                SET deleted_at = now(), updated_at = now(), revision_number = revision_number + 1,
                    fence = nextval('fence'), fence_drawn_at = clock_timestamp()
                WHERE id = :id AND deleted_at IS NULL\
                """
                    + RETURNING_FENCE,
                Tuple.class)
            .setParameter("id", router.value())
            .uniqueResultOptional()
            .map(FenceRow::of);
    fence.ifPresent(drawn ->
        Panache.getSession()
            .createNativeMutationQuery("DELETE FROM conntrack_helper WHERE router_id = :id")
            .setParameter("id", router.value())
            .executeUpdate());
    return fence;
  }

  /**
   * Removes every tombstone that no placement needs. To be called after the commit of whatever may
   * have made one superfluous: of two such commits at the same time, the later purge sees both.
   * Rows that somebody else has locked are purged by the next call.
   */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  void purge() {
    Panache.getSession()
        .createNativeMutationQuery(
            """
            DELETE FROM router WHERE id IN (
              SELECT id FROM router
              WHERE deleted_at IS NOT NULL
                AND NOT EXISTS (SELECT FROM placement WHERE placement.router_id = router.id)
              FOR UPDATE SKIP LOCKED)
            """)
        .executeUpdate();
  }
}
