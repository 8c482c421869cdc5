package cthelper.api;

import static cthelper.api.ShownRouter.ADMIN_STATE_UP;
import static cthelper.api.ShownRouter.DESCRIPTION;
import static cthelper.api.ShownRouter.DISTRIBUTED;
import static cthelper.api.ShownRouter.HA;
import static cthelper.api.ShownRouter.ID;
import static cthelper.api.ShownRouter.NAME;
import static cthelper.api.ShownRouter.PROJECT_ID;
import static java.util.Objects.requireNonNull;

import cthelper.api.AttributeTable.Fields;
import cthelper.api.BodyReader.Creations;
import cthelper.auth.Caller;
import cthelper.config.CtHelperConfig;
import cthelper.model.ConntrackHelper;
import cthelper.model.Fence;
import cthelper.model.Router;
import cthelper.model.RouterId;
import cthelper.store.ConntrackHelperStore;
import cthelper.store.NewRouter;
import cthelper.store.RouterChange;
import cthelper.store.RouterStore;
import cthelper.store.RouterStore.Creation;
import cthelper.store.RouterStore.NumberedRouter;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** The registry of routers, in the shape of Neutron's extension {@code router}. */
@Path("/v2.0/routers")
@Tag(name = "routers")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "NotAllowed")
@APIResponse(responseCode = "413", ref = "BodyTooLarge")
@APIResponse(responseCode = "429", ref = "TooManyRequests")
@APIResponse(responseCode = "500", ref = "Failed")
@APIResponse(responseCode = "503", ref = "DatabaseAway")
class RoutersResource {

  /** Conntrack helpers in one list of routers, unless a single router has more. */
  private static final int MOST_EMBEDDED = 5000;

  private final RouterStore routers;
  private final ListedRouters listed;
  private final ConntrackHelperStore helpers;
  private final Callers callers;
  private final int mostPerProject;

  RoutersResource(
      RouterStore routers,
      ListedRouters listed,
      ConntrackHelperStore helpers,
      Callers callers,
      CtHelperConfig config) {
    this.mostPerProject = config.limits().routersPerProject();
    this.routers = routers;
    this.listed = listed;
    this.helpers = helpers;
    this.callers = callers;
  }

  @POST
  @Operation(
      operationId = "createRouter",
      summary = "Create a router, or several",
      description =
          "An administrator may give its id, which its namespaces are named after. Of several all or"
              + " none are created.")
  @RequestBody(ref = "RouterCreate")
  @APIResponse(responseCode = "201", ref = "RoutersMade")
  @APIResponse(responseCode = "400", ref = "BadRouter")
  @APIResponse(responseCode = "409", ref = "RouterExists")
  public RestResponse<Map<String, Object>> create(byte[] body) {
    Caller caller = callers.current();
    Creations creations = BodyReader.create(ShownRouter.tableFor(caller), body, caller);
    Rule.CREATE_ROUTER.check(caller);
    List<NewRouter> wanted = creations.all().stream().map(given -> wanted(given, caller)).toList();
    Creation creation =
        caller.isAdmin() ? routers.create(wanted) : routers.createWithin(mostPerProject, wanted);
    return switch (creation) {
      case Creation.Created(List<NumberedRouter> made) -> {
        made.forEach(one -> AcceptedWrites.routerCreated(one.router(), one.fence(), caller));
        List<ShownRouter> shown =
            made.stream().map(one -> new ShownRouter(one.router(), List.of())).toList();
        yield creations.several()
            ? RestResponse.status(
                Status.CREATED, ShownRouter.tableFor(caller).envelope(shown, Fields.ALL))
            : answer(Status.CREATED, caller, shown.getFirst(), Fields.ALL);
      }
      case Creation.TooMany(int most) ->
          throw new NeutronFault(
              409,
              "OverQuota",
              "Quota exceeded for resources: ['router']. A project has at most %d."
                  .formatted(most));
      case Creation.IdTaken(RouterId id) ->
          throw new NeutronFault(409, "RouterExists", "Router " + id + " already exists.");
    };
  }

  private static NewRouter wanted(Given given, Caller caller) {
    if (given.value(ID).isPresent() && !caller.isAdmin()) {
      throw NeutronFault.badRequest("Attribute 'id' not allowed in POST");
    }
    return new NewRouter(
        given.value(ID).flatMap(RouterId::parse).orElseGet(RouterId::random),
        given.value(PROJECT_ID).orElse(caller.projectId()),
        given.value(NAME).orElse(""),
        given.value(DESCRIPTION).orElse(""),
        given.value(ADMIN_STATE_UP).orElse(true),
        given.value(DISTRIBUTED).orElse(false),
        given.value(HA).orElse(false));
  }

  @GET
  @Operation(
      operationId = "listRouters",
      summary = "List routers",
      description =
          "Values of one filter mean or, several filters mean and. What is too much for one answer (more"
              + " than 5,000 items, or than 5,000 conntrack helpers of routers) comes in pages,"
              + " also without a limit; the links lead to the next one.")
  @APIResponse(responseCode = "200", ref = "Routers")
  @APIResponse(responseCode = "400", ref = "BadQuery")
  public Map<String, Object> list(@Context RoutingContext exchange) {
    Caller caller = callers.allowed(Rule.GET_ROUTER);
    AttributeTable<ShownRouter> table = ShownRouter.tableFor(caller);
    ListQuery<ShownRouter> query = ListQuery.parse(table, RequestAddress.of(exchange));
    Page<ShownRouter> page = query.page(listed.around(query, caller));
    List<RouterId> ids = page.items().stream().map(shown -> shown.router().id()).toList();
    Map<RouterId, List<ConntrackHelper>> embedded =
        helpers.ofFirst(query.isBackwards() ? ids.reversed() : ids, MOST_EMBEDDED);
    return table.envelope(
        query
            .shortened(page, embedded.size())
            .map(shown ->
                new ShownRouter(shown.router(), requireNonNull(embedded.get(shown.router().id())))),
        query.fields());
  }

  /** Clients try a name as an id first: what cannot be an id is one that does not exist. */
  @GET
  @Path("{id}")
  @Operation(
      operationId = "showRouter",
      summary = "Show a router",
      description = "Its conntrack helpers are in it, without ids and statuses.")
  @APIResponse(responseCode = "200", ref = "Router")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  @APIResponse(responseCode = "404", ref = "NoSuchRouter")
  public RestResponse<Map<String, Object>> show(
      @Parameter(ref = "RouterId") @PathParam("id") String id, @Context RoutingContext exchange) {
    Caller caller = callers.allowed(Rule.GET_ROUTER);
    return answer(caller, found(caller, id), ListQuery.fields(RequestAddress.of(exchange)));
  }

  @PUT
  @Path("{id}")
  @Operation(
      operationId = "updateRouter",
      summary = "Change some attributes of a router",
      description = "What the body does not name stays.")
  @RequestBody(ref = "RouterUpdate")
  @APIResponse(responseCode = "200", ref = "Router")
  @APIResponse(responseCode = "400", ref = "BadRouter")
  @APIResponse(responseCode = "404", ref = "NoSuchRouter")
  @APIResponse(responseCode = "412", ref = "RevisionMoved")
  public RestResponse<Map<String, Object>> update(
      @Parameter(ref = "RouterId") @PathParam("id") String id,
      @Parameter(ref = "IfMatch") @HeaderParam(IfMatch.HEADER) List<String> ifMatch,
      byte[] body) {
    Caller caller = callers.current();
    Given given = BodyReader.update(ShownRouter.tableFor(caller), body, caller);
    IfMatch expected = IfMatch.parse(ifMatch);
    Router router =
        changed(caller, changeable(Rule.UPDATE_ROUTER, caller, id), expected, given)
            .orElseThrow(() -> NeutronFault.routerNotFound(id));
    return answer(caller, router, Fields.ALL);
  }

  @DELETE
  @Path("{id}")
  @Operation(
      operationId = "deleteRouter",
      summary = "Delete a router with its conntrack helpers",
      description = "Our table is removed from each of its namespaces; the namespaces stay.")
  @APIResponse(responseCode = "204", ref = "Deleted")
  @APIResponse(responseCode = "400", ref = "BadDelete")
  @APIResponse(responseCode = "404", ref = "NoSuchRouter")
  @APIResponse(responseCode = "412", ref = "RevisionMoved")
  public void delete(
      @Parameter(ref = "RouterId") @PathParam("id") String id,
      @Parameter(ref = "IfMatch") @HeaderParam(IfMatch.HEADER) List<String> ifMatch) {
    IfMatch expected = IfMatch.parse(ifMatch);
    Caller caller = callers.current();
    RouterId router = changeable(Rule.DELETE_ROUTER, caller, id);
    Fence fence =
        routers
            .delete(caller.scope(), router, expected::check)
            .orElseThrow(() -> NeutronFault.routerNotFound(id));
    AcceptedWrites.routerDeleted(router, fence, caller);
  }

  private Router found(Caller caller, String id) {
    return RouterId.parse(id)
        .flatMap(router -> routers.find(caller.scope(), router))
        .orElseThrow(() -> NeutronFault.routerNotFound(id));
  }

  /** A router that is to be changed: who may only see it is told so, if it is there. */
  private RouterId changeable(Rule rule, Caller caller, String id) {
    if (!rule.allows(caller)) {
      Rule.GET_ROUTER.check(caller);
      found(caller, id);
      throw rule.refused();
    }
    return RouterId.parse(id).orElseThrow(() -> NeutronFault.routerNotFound(id));
  }

  private Optional<Router> changed(Caller caller, RouterId router, IfMatch expected, Given given) {
    if (given.isEmpty()) {
      Optional<Router> unchanged = routers.find(caller.scope(), router);
      unchanged.ifPresent(found -> expected.check(found.revision()));
      return unchanged;
    }
    RouterChange change =
        new RouterChange(
            given.value(NAME).orElse(null),
            given.value(DESCRIPTION).orElse(null),
            given.value(ADMIN_STATE_UP).orElse(null),
            given.value(DISTRIBUTED).orElse(null),
            given.value(HA).orElse(null));
    Optional<Router> changed = routers.update(caller.scope(), router, expected::check, change);
    changed.ifPresent(one -> AcceptedWrites.routerUpdated(one, caller));
    return changed;
  }

  private RestResponse<Map<String, Object>> answer(Caller caller, Router router, Fields fields) {
    List<ConntrackHelper> embedded = helpers.stored(router.id());
    return answer(Status.OK, caller, new ShownRouter(router, embedded), fields);
  }

  private static RestResponse<Map<String, Object>> answer(
      Status status, Caller caller, ShownRouter shown, Fields fields) {
    return ETags.answer(
        status, shown.router().revision(), ShownRouter.tableFor(caller).envelope(shown, fields));
  }
}
