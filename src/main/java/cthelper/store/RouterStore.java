package cthelper.store;

import cthelper.model.Fence;
import cthelper.model.Router;
import cthelper.model.RouterId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/**
 * The registry of routers. Thread-safe; every method is one short transaction; a lost database is
 * an exception (see {@link DatabaseTrouble}).
 */
@ApplicationScoped
public class RouterStore {

  private final RouterRepository routers;
  private final RouterTombstones tombstones;
  private final Event<RouterChanged> changed;

  RouterStore(RouterRepository routers, RouterTombstones tombstones, Event<RouterChanged> changed) {
    this.routers = routers;
    this.tombstones = tombstones;
    this.changed = changed;
  }

  /** What came of creating a router. */
  public sealed interface Creation {

    /**
     * It is there, at revision 1.
     *
     * @param fence its first one, or one newer than whatever was before it under this id
     */
    record Created(Router router, Fence fence) implements Creation {}

    /** There is a router of this id; it was not touched. */
    record IdTaken(RouterId id) implements Creation {}
  }

  /** Creates a router; the id of a deleted one whose namespaces are still there may come back. */
  @Transactional
  public Creation create(NewRouter router) {
    Optional<Fence> fence = routers.insertOrRevive(router);
    if (fence.isEmpty()) {
      return new Creation.IdTaken(router.id());
    }
    changed.fire(new RouterChanged(router.id()));
    return new Creation.Created(
        routers.find(router.id()).orElseThrow().toModel(), fence.orElseThrow());
  }

  @Transactional
  public Optional<Router> find(RouterId router) {
    return routers.find(router).map(RouterEntity::toModel);
  }

  /** The selected routers, ordered by id. */
  @Transactional
  public List<Router> list(RouterSelection selection) {
    return routers.list(selection).stream().map(RouterEntity::toModel).toList();
  }

  /**
   * Changes what the router says of itself. Its conntrack helpers stay as they are, so no fence is
   * drawn and no node is asked.
   *
   * @return the router afterwards, one revision on; nothing when there is none
   */
  @Transactional
  public Optional<Router> update(RouterId router, RouterChange change) {
    Optional<RouterEntity> row = routers.lock(router);
    row.ifPresent(change::applyTo);
    routers.flush();
    return row.map(RouterEntity::toModel);
  }

  /**
   * Deletes the router and its conntrack helpers. What its namespaces hold goes when each of them
   * has confirmed; until then an invisible tombstone keeps asking for it.
   *
   * @return the fence of holding nothing; nothing when there was no such router
   */
  public Optional<Fence> delete(RouterId router) {
    Optional<Fence> fence = QuarkusTransaction.requiringNew().call(() -> bury(router));
    if (fence.isPresent()) {
      tombstones.purge();
    }
    return fence;
  }

  private Optional<Fence> bury(RouterId router) {
    Optional<Fence> fence = tombstones.bury(router);
    fence.ifPresent(drawn -> changed.fire(new RouterChanged(router)));
    return fence;
  }
}
