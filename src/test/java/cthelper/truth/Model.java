package cthelper.truth;

import cthelper.service.CatalogueEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What must be true once the service has caught up: what its API has accepted, by its own answers,
 * and what others have made. Knows nothing of how the service does it. Thread-safe.
 */
final class Model {

  /** Longer than the service ever needs to notice a namespace. */
  private static final Duration NOTICING = Duration.ofSeconds(3);

  /** What the API must say of a router. */
  enum Standing {
    /** Never heard of: its namespace, once there is one, makes it known. */
    UNKNOWN,
    KNOWN,
    /** Not to be seen, and not to be adopted from a namespace it had when it was deleted. */
    DELETED,
    /**
     * Deleted or adopted while namespaces came or went: it depends on what the service noticed
     * first, and both are right.
     */
    UNSURE
  }

  /** A conntrack helper as the API has confirmed it. */
  record Helper(String id, CatalogueEntry type, int port, long revision) {

    boolean isAt(String protocol, int at) {
      return type.protocol.equals(protocol) && port == at;
    }

    @Override
    public String toString() {
      return "%s %s:%s %d".formatted(id.substring(0, 8), type.helper, type.protocol, port);
    }
  }

  /** A namespace that exists. */
  static final class Namespace {
    final Set<ForeignTable> foreign = ConcurrentHashMap.newKeySet();
    final List<Connection> connections = new ArrayList<>();

    /** Our table's name is taken by another installation. */
    volatile boolean occupied;

    synchronized void add(Connection connection) {
      connections.add(connection);
    }

    synchronized List<Connection> connections() {
      return List.copyOf(connections);
    }
  }

  private static final class Router {
    final Map<String, Helper> helpers = new LinkedHashMap<>();
    Standing standing = Standing.UNKNOWN;
    long namespacesChanged = System.nanoTime();
  }

  private final Map<Integer, Router> routers = new HashMap<>();
  private final Map<Place, Namespace> namespaces = new HashMap<>();

  Model() {
    for (int router = 0; router < Place.ROUTERS; router++) {
      routers.put(router, new Router());
    }
  }

  synchronized Standing standing(int router) {
    return state(router).standing;
  }

  /** Whether the API must know it; empty when both is right. */
  synchronized Optional<Boolean> mustExist(int router) {
    return switch (standing(router)) {
      case UNKNOWN -> Optional.of(namespaces.containsKey(new Place(router, false)));
      case KNOWN -> Optional.of(true);
      case DELETED -> Optional.of(false);
      case UNSURE -> Optional.empty();
    };
  }

  /** Whether it certainly does by now, without waiting for anything; empty when not certain. */
  synchronized Optional<Boolean> existsNow(int router) {
    return standing(router) == Standing.UNKNOWN && mustExist(router).orElseThrow()
        ? Optional.empty()
        : mustExist(router);
  }

  synchronized List<Helper> helpers(int router) {
    return List.copyOf(state(router).helpers.values());
  }

  /** Of the router's helpers the nth, counted round. */
  synchronized Optional<Helper> nth(int router, int nth) {
    List<Helper> all = helpers(router);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(nth % all.size()));
  }

  synchronized Optional<Helper> at(int router, String protocol, int port) {
    return helpers(router).stream().filter(helper -> helper.isAt(protocol, port)).findFirst();
  }

  /** The API has answered that it has this helper now. */
  synchronized void has(int router, Helper helper) {
    Router state = state(router);
    state.standing = Standing.KNOWN;
    state.helpers.put(helper.id(), helper);
  }

  /** The API has answered that it has that helper no more. */
  synchronized void hasNot(int router, Helper helper) {
    state(router).helpers.remove(helper.id());
  }

  synchronized void routerIsThere(int router) {
    state(router).standing = Standing.KNOWN;
  }

  synchronized void routerDeleted(int router) {
    Router state = state(router);
    state.helpers.clear();
    state.standing = changedLately(router) ? Standing.UNSURE : standingWithoutRow(router);
  }

  /**
   * All was as it must be, and the API said whether it knows the router.
   *
   * @param exists what it said
   */
  synchronized void settled(int router, boolean exists) {
    Router state = state(router);
    if (exists) {
      state.standing = Standing.KNOWN;
    } else if (!changedLately(router)) {
      state.standing = standingWithoutRow(router);
    }
  }

  private Standing standingWithoutRow(int router) {
    return Place.of(router).stream().anyMatch(namespaces::containsKey)
        ? Standing.DELETED
        : Standing.UNKNOWN;
  }

  synchronized Optional<Namespace> namespace(Place place) {
    return Optional.ofNullable(namespaces.get(place));
  }

  synchronized Map<Place, Namespace> namespacesOf(int router) {
    Map<Place, Namespace> found = new LinkedHashMap<>();
    Place.of(router)
        .forEach(place -> namespace(place).ifPresent(namespace -> found.put(place, namespace)));
    return found;
  }

  synchronized void namespaceAdded(Place place) {
    namespaces.put(place, new Namespace());
    state(place.router()).namespacesChanged = System.nanoTime();
  }

  synchronized void namespaceDeleted(Place place) {
    Router state = state(place.router());
    boolean mayBeAdopted = state.standing == Standing.UNKNOWN && !place.snat();
    namespaces.remove(place);
    boolean wasLast = namespacesOf(place.router()).isEmpty();
    if (mayBeAdopted || (state.standing == Standing.DELETED && wasLast)) {
      state.standing = Standing.UNSURE;
    }
    state.namespacesChanged = System.nanoTime();
  }

  /** The service notices nothing before this moment. */
  synchronized void serviceStarts() {
    routers.values().forEach(router -> router.namespacesChanged = System.nanoTime());
  }

  private Router state(int router) {
    return Objects.requireNonNull(routers.get(router));
  }

  private boolean changedLately(int router) {
    return System.nanoTime() - state(router).namespacesChanged < NOTICING.toNanos();
  }

  /** The word the API must have for this helper. */
  synchronized String status(int router, Helper helper) {
    Map<Place, Namespace> places = namespacesOf(router);
    if (places.isEmpty()) {
      return "DOWN";
    }
    boolean isKept =
        places.values().stream()
            .allMatch(place -> !place.occupied && overriding(place, helper).isEmpty());
    return isKept ? "ACTIVE" : "ERROR";
  }

  private static Set<ForeignTable> overriding(Namespace namespace, Helper helper) {
    Set<ForeignTable> found = EnumSet.noneOf(ForeignTable.class);
    namespace.foreign.stream()
        .filter(table -> table.overrides(helper.type(), helper.port()))
        .forEach(found::add);
    return found;
  }
}
