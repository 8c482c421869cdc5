package cthelper.store;

import cthelper.config.CtHelperConfig;
import cthelper.model.ConntrackHelper;
import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.HelperStatus;
import cthelper.model.PlacementView;
import cthelper.model.ProjectScope;
import cthelper.model.ReportedHelper;
import cthelper.model.RouterId;
import cthelper.store.HelperCreation.Outcome;
import cthelper.store.HelperCreation.Outcome.Made;
import cthelper.store.HelperCreation.Outcome.NoRouter;
import cthelper.store.HelperCreation.Outcome.Taken;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The conntrack helpers of routers. Thread-safe; every change is one short transaction; a lost
 * database is an exception (see {@link DatabaseTrouble}).
 *
 * <p>Every change first locks the router's row, which makes the changes of one router queue up in
 * one order, counts the change and draws its fence. One that comes to nothing leaves nothing: no
 * revision, no signal.
 *
 * <p>What is not read in one statement takes the placements before the helpers: what was proven is
 * older than what it is compared with, so a change in between makes it count as not yet proven, and
 * never the reverse.
 */
@ApplicationScoped
public class ConntrackHelperStore {

  private final RouterRepository routers;
  private final ConntrackHelperRepository helpers;
  private final HelperCreation creation;
  private final PlacementViews views;
  private final HelperShows shows;
  private final Event<RouterChanged> changed;
  private final int mostPerRouter;

  ConntrackHelperStore(
      RouterRepository routers,
      ConntrackHelperRepository helpers,
      HelperCreation creation,
      PlacementViews views,
      HelperShows shows,
      Event<RouterChanged> changed,
      CtHelperConfig config) {
    this.routers = routers;
    this.helpers = helpers;
    this.creation = creation;
    this.views = views;
    this.shows = shows;
    this.changed = changed;
    this.mostPerRouter = config.limits().helpersPerRouter();
  }

  /** What came of creating conntrack helpers. */
  public sealed interface Creation permits Created, PortTaken, TooMany, NoSuchRouter {}

  /** What came of changing one. */
  public sealed interface Change permits Written, PortTaken, NoSuchHelper {}

  /** Done: all of them, in the order they were asked for, and the fence of doing so. */
  public record Created(List<ReportedHelper> helpers, Fence fence) implements Creation {

    public Created {
      helpers = List.copyOf(helpers);
    }
  }

  /** Done: the helper as it is now, and the fence of doing so. */
  public record Written(ReportedHelper helper, Fence fence) implements Change {}

  /** Done: the helper as it was, and the fence of doing so. */
  public record Deleted(ConntrackHelper helper, Fence fence) {}

  /** One (router, protocol, port) carries one helper, and this is the one. */
  public record PortTaken(HelperSpec existing) implements Creation, Change {}

  /**
   * The router would have more than it may.
   *
   * @param most how many it may have
   */
  public record TooMany(int most) implements Creation {}

  /** There is no such router in reach. */
  public record NoSuchRouter() implements Creation {}

  /** The router has no such conntrack helper, or there is no such router in reach. */
  public record NoSuchHelper() implements Change {}

  /**
   * Creates all of them or none, as one change of the router. Whoever waits for it counts what was
   * created before, so the limit holds for any number of clients.
   */
  public Creation create(ProjectScope scope, RouterId router, List<HelperSpec> specs) {
    return switch (creation.create(scope, router, specs, mostPerRouter)) {
      case Made(List<ReportedHelper> made, Fence fence) -> {
        changed.fire(new RouterChanged(router));
        yield new Created(made, fence);
      }
      case Taken(HelperSpec existing) -> new PortTaken(existing);
      case Outcome.TooMany() -> new TooMany(mostPerRouter);
      case NoRouter() -> new NoSuchRouter();
    };
  }

  /**
   * Changes a conntrack helper under the router's lock, so that of two partial updates at the same
   * time each builds on the other.
   *
   * @param change from what is stored to what is wanted; may throw, then nothing was changed
   */
  @Transactional
  public Change update(
      ProjectScope scope,
      RouterId router,
      UUID helper,
      Function<ConntrackHelper, HelperSpec> change) {
    Optional<Fence> fence = routers.beginChange(scope, router);
    Optional<ConntrackHelper> found =
        fence.isEmpty() ? Optional.empty() : helpers.find(scope, router, helper);
    if (found.isEmpty()) {
      QuarkusTransaction.setRollbackOnly();
      return new NoSuchHelper();
    }
    HelperSpec wanted = change.apply(found.orElseThrow());
    Optional<ConntrackHelper> atPort = helpers.at(router, wanted);
    if (atPort.isPresent() && !atPort.orElseThrow().id().equals(helper)) {
      QuarkusTransaction.setRollbackOnly();
      return new PortTaken(atPort.orElseThrow().spec());
    }
    ConntrackHelper changedOne = helpers.change(helper, wanted);
    changed.fire(new RouterChanged(router));
    ReportedHelper written = reported(changedOne, views.of(router));
    return new Written(written, fence.orElseThrow());
  }

  /**
   * Deletes a conntrack helper; nothing when the router has no such one.
   *
   * @param check of what is stored; may throw, then nothing was changed
   */
  @Transactional
  public Optional<Deleted> delete(
      ProjectScope scope, RouterId router, UUID helper, Consumer<ConntrackHelper> check) {
    Optional<Fence> fence = routers.beginChange(scope, router);
    Optional<ConntrackHelper> found =
        fence.isEmpty() ? Optional.empty() : helpers.find(scope, router, helper);
    if (found.isEmpty()) {
      QuarkusTransaction.setRollbackOnly();
      return Optional.empty();
    }
    check.accept(found.orElseThrow());
    helpers.delete(helper);
    changed.fire(new RouterChanged(router));
    return Optional.of(new Deleted(found.orElseThrow(), fence.orElseThrow()));
  }

  /** One with its status. Not to be called in a transaction, whose changes it might not see. */
  public Optional<ReportedHelper> find(ProjectScope scope, RouterId router, UUID helper) {
    return shows.find(scope, router, helper);
  }

  /** The router's conntrack helpers ordered by id; none for a router that is not in reach. */
  public List<ReportedHelper> of(ProjectScope scope, RouterId router) {
    List<PlacementView> placements = views.of(router);
    return reported(helpers.of(scope, router), placements);
  }

  /** The router's conntrack helpers as they are stored, ordered by id. */
  public List<ConntrackHelper> stored(RouterId router) {
    return helpers.of(List.of(router));
  }

  /**
   * The conntrack helpers of the first of these routers: as many routers as have {@code most}
   * together, and one at least.
   *
   * @return an entry for each of them, also for one without any
   */
  public Map<RouterId, List<ConntrackHelper>> ofFirst(List<RouterId> routers, int most) {
    List<ConntrackHelper> found = helpers.inOrder(routers, most + 1);
    List<RouterId> first = routers;
    if (found.size() > most) {
      int cut = routers.indexOf(found.getLast().router());
      first = routers.subList(0, Math.max(cut, 1));
      found = cut == 0 ? helpers.of(first) : found;
    }
    Map<RouterId, List<ConntrackHelper>> ofFirst = new HashMap<>();
    first.forEach(router -> ofFirst.put(router, new ArrayList<>()));
    for (ConntrackHelper helper : found) {
      List<ConntrackHelper> some = ofFirst.get(helper.router());
      if (some != null) { // else the router that did not fit
        some.add(helper);
      }
    }
    return ofFirst;
  }

  private static List<ReportedHelper> reported(
      List<ConntrackHelper> some, List<PlacementView> placements) {
    return some.stream().map(helper -> reported(helper, placements)).toList();
  }

  private static ReportedHelper reported(ConntrackHelper helper, List<PlacementView> placements) {
    return new ReportedHelper(helper, HelperStatus.of(helper, placements));
  }
}
