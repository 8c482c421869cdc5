package cthelper.api;

import static cthelper.api.ShownHelper.HELPER;
import static cthelper.api.ShownHelper.PORT;
import static cthelper.api.ShownHelper.PROTOCOL;
import static cthelper.api.ShownHelper.TABLE;

import cthelper.api.AttributeTable.Fields;
import cthelper.api.BodyReader.Creations;
import cthelper.auth.Caller;
import cthelper.model.ConntrackHelper;
import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.ReportedHelper;
import cthelper.model.RouterId;
import cthelper.store.ConntrackHelperStore;
import cthelper.store.ConntrackHelperStore.Created;
import cthelper.store.ConntrackHelperStore.Deleted;
import cthelper.store.ConntrackHelperStore.NoSuchHelper;
import cthelper.store.ConntrackHelperStore.NoSuchRouter;
import cthelper.store.ConntrackHelperStore.PortTaken;
import cthelper.store.ConntrackHelperStore.TooMany;
import cthelper.store.ConntrackHelperStore.Written;
import cthelper.store.RouterStore;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/**
 * The conntrack helpers of a router: Neutron's extension {@code l3-conntrack-helper}. Checks come
 * in Neutron's order: body, what the object would become, router, uniqueness.
 */
@Path("/v2.0/routers")
@Tag(name = "conntrack helpers")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "NotAllowed")
@APIResponse(responseCode = "413", ref = "BodyTooLarge")
@APIResponse(responseCode = "429", ref = "TooManyRequests")
@APIResponse(responseCode = "500", ref = "Failed")
@APIResponse(responseCode = "503", ref = "DatabaseAway")
class ConntrackHelpersResource {

  // The class has the routers' path: with one of its own JAX-RS answers 404 in place of 405.
  private static final String COLLECTION = "{router_id}/conntrack_helpers";
  private static final String ITEM = COLLECTION + "/{id}";

  private final ConntrackHelperStore helpers;
  private final RouterStore routers;
  private final AllowedSpecs specs;
  private final Callers callers;

  ConntrackHelpersResource(
      ConntrackHelperStore helpers, RouterStore routers, AllowedSpecs specs, Callers callers) {
    this.helpers = helpers;
    this.routers = routers;
    this.specs = specs;
    this.callers = callers;
  }

  @POST
  @Path(COLLECTION)
  @Operation(
      operationId = "createConntrackHelper",
      summary = "Create a conntrack helper on the router, or several",
      description =
          "Stored when answered; the status tells when the kernel has it. Of several all or none are"
              + " created, as one change of the router.")
  @RequestBody(ref = "ConntrackHelperCreate")
  @APIResponse(responseCode = "201", ref = "ConntrackHelpersMade")
  @APIResponse(responseCode = "400", ref = "BadConntrackHelper")
  @APIResponse(responseCode = "404", ref = "NoSuchRouter")
  @APIResponse(responseCode = "409", ref = "TooManyConntrackHelpers")
  public RestResponse<Map<String, Object>> create(
      @Parameter(ref = "RouterIdOfHelper") @PathParam("router_id") String routerId, byte[] body) {
    Caller caller = callers.current();
    Creations creations = BodyReader.create(TABLE, body, caller);
    if (!caller.isAdmin()) {
      checkCreate(caller, routerId);
    }
    List<HelperSpec> wanted = creations.all().stream().map(this::wanted).toList();
    RouterId router =
        RouterId.parse(routerId).orElseThrow(() -> NeutronFault.routerNotFound(routerId));
    return switch (helpers.create(caller.scope(), router, wanted)) {
      case Created(List<ReportedHelper> made, Fence fence) -> {
        made.forEach(one -> AcceptedWrites.helper("created", one.helper(), fence, caller));
        List<ShownHelper> shown = shown(made);
        yield creations.several()
            ? RestResponse.status(
                Status.CREATED, ShownHelper.tableFor(caller).envelope(shown, Fields.ALL))
            : answer(Status.CREATED, caller, shown.getFirst(), Fields.ALL);
      }
      case PortTaken(HelperSpec existing) -> throw duplicate(routerId, existing);
      case TooMany(int most) ->
          throw new NeutronFault(
              409,
              "OverQuota",
              "Quota exceeded for resources: ['conntrack_helper']. A router has at most %d."
                  .formatted(most));
      case NoSuchRouter() -> throw NeutronFault.routerNotFound(routerId);
    };
  }

  /**
   * Before the allow-list is looked at. A router of somebody else and one that is not there get the
   * same answer, so that nobody can find out which are there.
   */
  private void checkCreate(Caller caller, String routerId) {
    RouterId router =
        RouterId.parse(routerId).orElseThrow(() -> NeutronFault.routerNotFound(routerId));
    if (!Rule.CREATE_HELPER.allows(caller) || routers.find(caller.scope(), router).isEmpty()) {
      throw Rule.CREATE_HELPER.refused();
    }
  }

  /** A router that does not exist has an empty list, as in Neutron. */
  @GET
  @Path(COLLECTION)
  @Operation(
      operationId = "listConntrackHelpers",
      summary = "List the conntrack helpers of the router",
      description =
          "Values of one filter mean or, several filters mean and. What is too much for one answer (more"
              + " than 5,000 items) comes in pages,"
              + " also without a limit; the links lead to the next one.")
  @APIResponse(responseCode = "200", ref = "ConntrackHelpers")
  @APIResponse(responseCode = "400", ref = "BadQuery")
  public Map<String, Object> list(
      @Parameter(ref = "RouterIdOfHelper") @PathParam("router_id") String routerId,
      @Context RoutingContext exchange) {
    Caller caller = callers.allowed(Rule.GET_HELPER);
    AttributeTable<ShownHelper> table = ShownHelper.tableFor(caller);
    ListQuery<ShownHelper> query = ListQuery.parse(table, RequestAddress.of(exchange));
    List<ShownHelper> all =
        RouterId.parse(routerId)
            .map(router -> shown(helpers.of(caller.scope(), router)))
            .orElse(List.of());
    return table.envelope(query.page(all), query.fields());
  }

  @GET
  @Path(ITEM)
  @Operation(
      operationId = "showConntrackHelper",
      summary = "Show a conntrack helper",
      description = "The status is what kernels were last proven to hold, not what was asked for.")
  @APIResponse(responseCode = "200", ref = "ConntrackHelper")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  @APIResponse(responseCode = "404", ref = "NoSuchConntrackHelper")
  public RestResponse<Map<String, Object>> show(
      @Parameter(ref = "RouterIdOfHelper") @PathParam("router_id") String routerId,
      @Parameter(ref = "ConntrackHelperId") @PathParam("id") String id,
      @Context RoutingContext exchange) {
    Caller caller = callers.allowed(Rule.GET_HELPER);
    return answer(
        caller, found(caller, routerId, id), ListQuery.fields(RequestAddress.of(exchange)));
  }

  @PUT
  @Path(ITEM)
  @Operation(
      operationId = "updateConntrackHelper",
      summary = "Change some attributes of a conntrack helper",
      description = "What the body does not name stays; what comes out must be allowed as a whole.")
  @RequestBody(ref = "ConntrackHelperUpdate")
  @APIResponse(responseCode = "200", ref = "ConntrackHelper")
  @APIResponse(responseCode = "400", ref = "BadConntrackHelper")
  @APIResponse(responseCode = "404", ref = "NoSuchConntrackHelper")
  @APIResponse(responseCode = "412", ref = "RevisionMoved")
  public RestResponse<Map<String, Object>> update(
      @Parameter(ref = "RouterIdOfHelper") @PathParam("router_id") String routerId,
      @Parameter(ref = "ConntrackHelperId") @PathParam("id") String id,
      @Parameter(ref = "IfMatch") @HeaderParam(IfMatch.HEADER) List<String> ifMatch,
      byte[] body) {
    Caller caller = callers.current();
    Given given = BodyReader.update(TABLE, body, caller);
    IfMatch expected = IfMatch.parse(ifMatch);
    Key key = changeable(Rule.UPDATE_HELPER, caller, routerId, id);
    if (given.isEmpty()) {
      ReportedHelper unchanged = found(caller, routerId, id);
      expected.check(unchanged.helper().revision());
      return answer(caller, unchanged, Fields.ALL);
    }
    return switch (helpers.update(
        caller.scope(), key.router, key.helper, old -> changed(old, expected, given))) {
      case Written(ReportedHelper helper, Fence fence) -> {
        AcceptedWrites.helper("updated", helper.helper(), fence, caller);
        yield answer(caller, helper, Fields.ALL);
      }
      case PortTaken(HelperSpec existing) -> throw duplicate(routerId, existing);
      case NoSuchHelper() -> throw notFound(caller, routerId, id);
    };
  }

  @DELETE
  @Path(ITEM)
  @Operation(
      operationId = "deleteConntrackHelper",
      summary = "Delete a conntrack helper",
      description = "Deleted when answered; kernels follow at once where their node is heard.")
  @APIResponse(responseCode = "204", ref = "Deleted")
  @APIResponse(responseCode = "400", ref = "BadDelete")
  @APIResponse(responseCode = "404", ref = "NoSuchConntrackHelper")
  @APIResponse(responseCode = "412", ref = "RevisionMoved")
  public void delete(
      @Parameter(ref = "RouterIdOfHelper") @PathParam("router_id") String routerId,
      @Parameter(ref = "ConntrackHelperId") @PathParam("id") String id,
      @Parameter(ref = "IfMatch") @HeaderParam(IfMatch.HEADER) List<String> ifMatch) {
    Caller caller = callers.current();
    IfMatch expected = IfMatch.parse(ifMatch);
    Key key = changeable(Rule.DELETE_HELPER, caller, routerId, id);
    Deleted deleted =
        helpers
            .delete(caller.scope(), key.router, key.helper, old -> expected.check(old.revision()))
            .orElseThrow(() -> notFound(caller, routerId, id));
    AcceptedWrites.helper("deleted", deleted.helper(), deleted.fence(), caller);
  }

  private HelperSpec wanted(Given given) {
    return specs.of(
        given.value(HELPER).orElseThrow(),
        given.value(PROTOCOL).orElseThrow(),
        given.value(PORT).orElseThrow());
  }

  /** What is stored, with what the body names laid over it. */
  private HelperSpec changed(ConntrackHelper old, IfMatch expected, Given given) {
    expected.check(old.revision());
    HelperSpec stored = old.spec();
    return specs.of(
        given.value(HELPER).orElse(stored.type().name()),
        given.value(PROTOCOL).orElse(stored.protocol().wireName()),
        given.value(PORT).orElse((long) stored.port()));
  }

  private static List<ShownHelper> shown(List<ReportedHelper> some) {
    return some.stream().map(ShownHelper::of).toList();
  }

  private static RestResponse<Map<String, Object>> answer(
      Caller caller, ReportedHelper helper, Fields fields) {
    return answer(Status.OK, caller, ShownHelper.of(helper), fields);
  }

  private static RestResponse<Map<String, Object>> answer(
      Status status, Caller caller, ShownHelper shown, Fields fields) {
    return ETags.answer(
        status, shown.helper().revision(), ShownHelper.tableFor(caller).envelope(shown, fields));
  }

  /** Both ids of a URL. */
  private record Key(RouterId router, UUID helper) {

    /** One that cannot be an id is one that does not exist. */
    static Optional<Key> of(String routerId, String id) {
      return RouterId.parse(routerId)
          .flatMap(router -> Ids.uuid(id).map(helper -> new Key(router, helper)));
    }
  }

  private ReportedHelper found(Caller caller, String routerId, String id) {
    return Key.of(routerId, id)
        .flatMap(key -> helpers.find(caller.scope(), key.router, key.helper))
        .orElseThrow(() -> notFound(caller, routerId, id));
  }

  /** The ids of a helper that is to be changed: who may only see it is told so, if it is there. */
  private Key changeable(Rule rule, Caller caller, String routerId, String id) {
    if (!rule.allows(caller)) {
      Rule.GET_HELPER.check(caller);
      found(caller, routerId, id);
      throw rule.refused();
    }
    return Key.of(routerId, id).orElseThrow(() -> notFound(caller, routerId, id));
  }

  /**
   * Who may see the router is told about the helper; to everybody else a router of somebody else
   * and one that does not exist are the same.
   */
  private NeutronFault notFound(Caller caller, String routerId, String id) {
    boolean isRouterSeen =
        caller.isAdmin()
            || RouterId.parse(routerId)
                .flatMap(router -> routers.find(caller.scope(), router))
                .isPresent();
    return isRouterSeen ? NeutronFault.conntrackHelperNotFound(id) : HttpFaults.of(404);
  }

  /** 400 and not 409, in Neutron's words; the values are those of the helper that has the port. */
  private static NeutronFault duplicate(String router, HelperSpec existing) {
    return new NeutronFault(
        400,
        "BadRequest",
        ("Bad conntrack_helper request: A duplicate conntrack helper entry with same attributes"
                + " already exists, conflicting values are {'router_id': '%s', 'protocol': '%s',"
                + " 'port': %d, 'helper': '%s'}.")
            .formatted(router, existing.protocol(), existing.port(), existing.type().name()));
  }
}
