package cthelper.store;

import static java.util.Objects.requireNonNull;

import cthelper.model.Fence;
import cthelper.model.ProjectScope;
import cthelper.model.Router;
import cthelper.model.RouterId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

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

  /** What came of creating routers. */
  public sealed interface Creation {

    /** They are there, at revision 1, in the order they were asked for. */
    record Created(List<NumberedRouter> routers) implements Creation {

      public Created {
        routers = List.copyOf(routers);
      }
    }

    /** There is a router of this id, or two were to get it; nothing was touched. */
    record IdTaken(RouterId id) implements Creation {}

    /** The project would have more than this; nothing was touched. */
    record TooMany(int most) implements Creation {}
  }

  /**
   * A router that was just created.
   *
   * @param fence its first one, or one newer than whatever was before it under this id
   */
  public record NumberedRouter(Router router, Fence fence) {}

  /**
   * Creates all of them or none; the id of a deleted router whose namespaces are still there may
   * come back.
   */
  @Transactional
  public Creation create(List<NewRouter> wanted) {
    Map<RouterId, Fence> fences = new HashMap<>();
    // In one order for everybody, so that no two wait for each other.
    List<NewRouter> ordered =
        wanted.stream().sorted(Comparator.comparing(router -> router.id().value())).toList();
    for (NewRouter router : ordered) {
      Optional<Fence> fence =
          fences.containsKey(router.id())
              ? Optional.empty()
              : routers.insertOrRevive(router, RouterOrigin.POSTED);
      if (fence.isEmpty()) {
        QuarkusTransaction.setRollbackOnly();
        return new Creation.IdTaken(router.id());
      }
      fences.put(router.id(), fence.orElseThrow());
    }
    fences.keySet().forEach(router -> changed.fire(new RouterChanged(router)));
    Map<RouterId, NumberedRouter> made = new HashMap<>();
    for (Router router : list(RouterSelection.all().withIds(fences.keySet()))) {
      made.put(router.id(), new NumberedRouter(router, requireNonNull(fences.get(router.id()))));
    }
    return new Creation.Created(
        wanted.stream().map(router -> requireNonNull(made.get(router.id()))).toList());
  }

  /**
   * The same for a project that may have so many routers. Whoever waits counts what was created
   * before, so the limit holds for any number of clients.
   *
   * @param wanted all of one project
   */
  @Transactional
  public Creation createWithin(int most, List<NewRouter> wanted) {
    long there = routers.holdAndCount(wanted.getFirst().projectId());
    return there + wanted.size() > most ? new Creation.TooMany(most) : create(wanted);
  }

  @Transactional
  public Optional<Router> find(ProjectScope scope, RouterId router) {
    return routers.find(scope, router).map(RouterEntity::toModel);
  }

  /** The fence of what its namespaces are to hold. */
  @Transactional
  public Optional<Fence> fenceOf(RouterId router) {
    return routers.fenceOf(router);
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
   * @param check of the revision it is at; may throw, then nothing was changed
   * @return the router afterwards, one revision on; nothing when there is none
   */
  @Transactional
  public Optional<Router> update(
      ProjectScope scope, RouterId router, LongConsumer check, RouterChange change) {
    Optional<RouterEntity> row = routers.lock(scope, router);
    row.ifPresent(found -> check.accept(found.revision));
    row.ifPresent(change::applyTo);
    routers.flush();
    return row.map(RouterEntity::toModel);
  }

  /**
   * Deletes the router and its conntrack helpers. What its namespaces hold goes when each of them
   * has confirmed; until then an invisible tombstone keeps asking for it.
   *
   * @param check of the revision it is at; may throw, then nothing was changed
   * @return the fence of holding nothing; nothing when there was no such router
   */
  public Optional<Fence> delete(ProjectScope scope, RouterId router, LongConsumer check) {
    Optional<Fence> fence =
        QuarkusTransaction.requiringNew().call(() -> bury(scope, router, check));
    if (fence.isPresent()) {
      tombstones.purge();
    }
    return fence;
  }

  private Optional<Fence> bury(ProjectScope scope, RouterId router, LongConsumer check) {
    Optional<RouterEntity> found = routers.lock(scope, router);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    check.accept(found.orElseThrow().revision);
    Optional<Fence> fence = tombstones.bury(router);
    fence.ifPresent(drawn -> changed.fire(new RouterChanged(router)));
    return fence;
  }
}
