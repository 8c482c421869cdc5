package cthelper.api;

import static cthelper.api.ShownRouter.ID;
import static cthelper.api.ShownRouter.NAME;
import static cthelper.api.ShownRouter.PROJECT_ID;
import static cthelper.api.ShownRouter.TENANT_ID;

import cthelper.auth.Caller;
import cthelper.model.Router;
import cthelper.model.RouterId;
import cthelper.store.RouterSelection;
import cthelper.store.RouterStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what of a list of routers decides the page that is asked for: in the order of ids, which is
 * that of whoever names none, no more than what is next to the marker. Thread-safe.
 */
@ApplicationScoped
class ListedRouters {

  private final RouterStore routers;

  ListedRouters(RouterStore routers) {
    this.routers = routers;
  }

  /** In no order, without their conntrack helpers; maybe some that are not wanted. */
  List<ShownRouter> around(ListQuery<ShownRouter> query, Caller caller) {
    RouterSelection selection = selection(query, caller);
    // It may have left the list since it was seen; where it was still decides the page.
    Optional<Router> marker =
        query.marker().flatMap(RouterId::parse).flatMap(id -> routers.find(caller.scope(), id));
    List<ShownRouter> around =
        query.isById()
            ? nextTo(marker.map(Router::id), query, selection)
            : new ArrayList<>(shown(routers.list(selection)));
    marker.map(ListedRouters::shown).ifPresent(around::add);
    return around;
  }

  private List<ShownRouter> nextTo(
      Optional<RouterId> marker, ListQuery<ShownRouter> query, RouterSelection selection) {
    List<ShownRouter> wanted = new ArrayList<>();
    Optional<RouterId> last = marker;
    int some = query.enough();
    boolean isMore = true;
    while (isMore && wanted.size() < query.enough()) {
      List<Router> next = routers.list(selection.next(last, query.isBackwards(), some));
      shown(next).stream().filter(query::accepts).forEach(wanted::add);
      isMore = next.size() == some;
      last = next.isEmpty() ? last : Optional.of(next.getLast().id());
      some = Paging.MOST; // few of them are wanted
    }
    return wanted;
  }

  /** What the database can select; the query itself still decides. */
  private static RouterSelection selection(ListQuery<ShownRouter> query, Caller caller) {
    RouterSelection selection = RouterSelection.all();
    Optional<Set<String>> ids = query.wanted(ID);
    if (ids.isPresent()) {
      selection =
          selection.withIds(
              ids.orElseThrow().stream().flatMap(id -> RouterId.parse(id).stream()).toList());
    }
    Optional<Set<String>> names = query.wanted(NAME);
    if (names.isPresent()) {
      selection = selection.named(names.orElseThrow());
    }
    if (!caller.isAdmin()) {
      return selection.ofProjects(Set.of(caller.projectId()));
    }
    Optional<Set<String>> projects = query.wanted(PROJECT_ID).or(() -> query.wanted(TENANT_ID));
    return projects.isPresent() ? selection.ofProjects(projects.orElseThrow()) : selection;
  }

  private static List<ShownRouter> shown(List<Router> some) {
    return some.stream().map(ListedRouters::shown).toList();
  }

  private static ShownRouter shown(Router router) {
    return new ShownRouter(router, List.of());
  }
}
