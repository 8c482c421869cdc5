package cthelper.api;

import cthelper.auth.Caller;
import cthelper.auth.Standing;
import cthelper.config.CtHelperConfig;
import cthelper.config.CtHelperConfig.RouterSource;
import cthelper.networking.NetworkingNames;
import cthelper.networking.NetworkingRouters;
import cthelper.networking.NetworkingServiceAway;
import cthelper.networking.RemoteRouter;
import cthelper.store.RouterOwners;
import cthelper.store.RouterSelection;
import cthelper.store.RouterStore;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * The same as {@link RouterLookup} for {@code GET /v2.0/routers?name=edge}, with which clients turn
 * a name into an id. Only the caller's own project is asked about, an administrator's is everybody.
 *
 * <p>While nobody can tell, a name that is known to the caller is as good as it was; any other one
 * is a 503, since an empty list would say that there is no such router.
 */
class RouterNameLookup {

  private static final int AFTER_THE_CALLER_IS_KNOWN = Priorities.USER + 1;

  /** Clients ask for one; who asks for more than these gets those that were named before. */
  private static final int MOST_NAMES = 10;

  private static final int LONGEST_NAME = 255;

  private final boolean isAsking;
  private final Callers callers;
  private final RouterStore routers;
  private final RouterOwners owners;
  private final RouterLearning learning;
  private final NetworkingNames names;
  private final NetworkingRouters networking;

  RouterNameLookup(
      CtHelperConfig config,
      Callers callers,
      RouterStore routers,
      RouterOwners owners,
      RouterLearning learning,
      NetworkingNames names,
      NetworkingRouters networking) {
    this.isAsking = config.routerSource() == RouterSource.NEUTRON;
    this.callers = callers;
    this.routers = routers;
    this.owners = owners;
    this.learning = learning;
    this.names = names;
    this.networking = networking;
  }

  @ServerRequestFilter(priority = AFTER_THE_CALLER_IS_KNOWN)
  void lookUp(ContainerRequestContext request, ResourceInfo resource, RoutingContext exchange) {
    if (isAsking && isList(request, resource) && callers.current().isAtLeast(Standing.READER)) {
      Set<String> wanted =
          RequestAddress.of(exchange).values("name").stream()
              .filter(name -> !name.isEmpty() && name.length() <= LONGEST_NAME)
              .collect(Collectors.toUnmodifiableSet());
      if (!wanted.isEmpty() && wanted.size() <= MOST_NAMES) {
        find(wanted, callers.current()).forEach(this::learn);
      }
    }
  }

  private static boolean isList(ContainerRequestContext request, ResourceInfo resource) {
    return resource.getResourceClass() == RoutersResource.class
        && request.getMethod().equals("GET")
        && request.getUriInfo().getPathParameters().isEmpty();
  }

  private List<RemoteRouter> find(Set<String> wanted, Caller caller) {
    try {
      return names.find(wanted, project(caller));
    } catch (NetworkingServiceAway away) {
      if (routers.list(reached(wanted, caller)).isEmpty()) {
        throw away;
      }
      return List.of();
    }
  }

  private static Optional<String> project(Caller caller) {
    return caller.isAdmin() ? Optional.empty() : Optional.of(caller.projectId());
  }

  private static RouterSelection reached(Set<String> wanted, Caller caller) {
    RouterSelection named = RouterSelection.all().named(wanted);
    return caller.isAdmin() ? named : named.ofProjects(Set.of(caller.projectId()));
  }

  private void learn(RemoteRouter found) {
    learning.has(found, owners.of(found.id()));
    networking.remember(found);
  }
}
