package cthelper.api;

import cthelper.auth.Caller;
import cthelper.auth.Standing;
import cthelper.config.CtHelperConfig;
import cthelper.config.CtHelperConfig.RouterSource;
import cthelper.model.RouterId;
import cthelper.networking.NetworkingRouters;
import cthelper.networking.NetworkingServiceAway;
import cthelper.networking.RemoteRouter;
import cthelper.store.RouterOrigin;
import cthelper.store.RouterOwners;
import cthelper.store.RouterOwners.Owned;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Before a request that names a router is answered: what the Networking service says of it, with
 * {@code cthelper.router-source=neutron}, becomes what the registry says. The answer itself then
 * comes about as always, from the registry alone; so a router of somebody else and one that is not
 * there stay the same.
 *
 * <p>A router that the caller may reach is as good as it was when nobody can tell; all others then
 * do not exist and do not not exist: 503. Nobody is asked inside of a transaction.
 */
class RouterLookup {

  private static final int AFTER_THE_CALLER_IS_KNOWN = Priorities.USER + 1;

  private final boolean isAsking;
  private final Callers callers;
  private final RouterOwners owners;
  private final RouterLearning learning;
  private final NetworkingRouters networking;

  RouterLookup(
      CtHelperConfig config,
      Callers callers,
      RouterOwners owners,
      RouterLearning learning,
      NetworkingRouters networking) {
    this.isAsking = config.routerSource() == RouterSource.NEUTRON;
    this.callers = callers;
    this.owners = owners;
    this.learning = learning;
    this.networking = networking;
  }

  @ServerRequestFilter(priority = AFTER_THE_CALLER_IS_KNOWN)
  void lookUp(ContainerRequestContext request, ResourceInfo resource) {
    if (isAsking) {
      named(request, resource)
          .filter(_ -> callers.current().isAtLeast(Standing.READER))
          .ifPresent(router -> lookUp(router, callers.current()));
    }
  }

  /** The router in the address; one that cannot be an id is one that does not exist anywhere. */
  private static Optional<RouterId> named(ContainerRequestContext request, ResourceInfo resource) {
    String parameter = resource.getResourceClass() == RoutersResource.class ? "id" : "router_id";
    return Optional.ofNullable(request.getUriInfo().getPathParameters().getFirst(parameter))
        .flatMap(RouterId::parse);
  }

  private void lookUp(RouterId router, Caller caller) {
    Optional<Owned> stored = owners.of(router);
    boolean isReached = stored.filter(owned -> owned.isIn(caller.scope())).isPresent();
    boolean isPosted = stored.filter(owned -> owned.origin() == RouterOrigin.POSTED).isPresent();
    // Out of reach even a posted one is asked about: it must not be answered sooner than an
    // unknown.
    if (!isReached || !isPosted) {
      Optional<Optional<RemoteRouter>> answer = ask(router, isReached);
      answer.ifPresent(told -> take(router, stored, told));
      answer
          .flatMap(told -> told)
          .filter(found -> !isReached && caller.scope().reaches(found.projectId()))
          .ifPresent(networking::remember);
    }
  }

  /** What the service says: a router or none; nothing at all when that does not matter now. */
  private Optional<Optional<RemoteRouter>> ask(RouterId router, boolean isReached) {
    try {
      return Optional.of(networking.find(router, isReached));
    } catch (NetworkingServiceAway away) {
      if (isReached) {
        return Optional.empty();
      }
      throw away;
    }
  }

  private void take(RouterId router, Optional<Owned> stored, Optional<RemoteRouter> answer) {
    if (answer.isPresent()) {
      learning.has(answer.orElseThrow(), stored);
    } else if (stored.isPresent()) {
      learning.hasNot(router);
    }
  }
}
