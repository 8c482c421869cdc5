package cthelper.api;

import cthelper.model.Fence;
import cthelper.model.PlacementDrift;
import cthelper.model.PlacementView;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.store.PlacementStore;
import cthelper.store.RouterStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Where a router lives, and what the kernel of each of its namespaces was last proven to hold.
 *
 * <p>Example of one: {@code {"agent_id": "1a16…", "host": "net-1", "alive": true, "namespace":
 * "qrouter-5c9e…", "desired_fence": "1.42", "observed_fence": "1.42", "error": null,
 * "conntrack_helpers": [{"id": "6f1c…", "revision_number": 1, "verdict": "proven", "families":
 * ["IPv4", "IPv6"], "reason": null, "detail": ""}], "drift": {"repairs": 1, "last": "2026-…",
 * "what": "deleted table", "program": "nft", "pid": 4711}}}.
 */
@Path("/v2.0/routers")
@Tag(name = "placements")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "NotAllowed")
@APIResponse(responseCode = "413", ref = "BodyTooLarge")
@APIResponse(responseCode = "429", ref = "TooManyRequests")
@APIResponse(responseCode = "500", ref = "Failed")
@APIResponse(responseCode = "503", ref = "DatabaseAway")
class PlacementsResource {

  private final RouterStore routers;
  private final PlacementStore placements;
  private final Callers callers;

  PlacementsResource(RouterStore routers, PlacementStore placements, Callers callers) {
    this.callers = callers;
    this.routers = routers;
    this.placements = placements;
  }

  @GET
  @Path("{router_id}/placements")
  @Operation(
      operationId = "listPlacements",
      summary = "List where a router lives, and what the kernel there was proven to hold",
      description =
          "One for each namespace of the router, with what others did to our table there.")
  @APIResponse(responseCode = "200", ref = "Placements")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  @APIResponse(responseCode = "404", ref = "NoSuchRouter")
  public Map<String, Object> list(
      @Parameter(ref = "RouterIdOfHelper") @PathParam("router_id") String routerId) {
    callers.allowed(Rule.GET_PLACEMENT);
    RouterId router =
        RouterId.parse(routerId).orElseThrow(() -> NeutronFault.routerNotFound(routerId));
    Fence desired =
        routers.fenceOf(router).orElseThrow(() -> NeutronFault.routerNotFound(routerId));
    return Map.of(
        "placements",
        placements.viewsOf(router).stream().map(view -> shown(view, desired)).toList());
  }

  private static Map<String, @Nullable Object> shown(PlacementView view, Fence desired) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("agent_id", view.placement().node().toString());
    shown.put("host", view.nodeName());
    shown.put("alive", view.nodeAlive());
    shown.put("namespace", view.placement().namespace());
    shown.put("desired_fence", desired.toString());
    shown.put("observed_fence", view.observed() == null ? null : view.observed().toString());
    shown.put("error", view.failure() == null ? null : error(view));
    shown.put(
        "conntrack_helpers",
        view.verdicts().values().stream().map(PlacementsResource::shown).toList());
    shown.put("drift", drift(view.drift()));
    return shown;
  }

  private static Map<String, Object> error(PlacementView view) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("reason", String.valueOf(view.failure()));
    error.put("detail", view.failureDetail());
    return error;
  }

  private static Map<String, @Nullable Object> shown(Verdict verdict) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("id", verdict.helper().toString());
    shown.put("revision_number", verdict.revision());
    shown.put("verdict", verdict.proven() ? "proven" : "refused");
    shown.put("families", HelperTypesResource.names(verdict.families()));
    shown.put("reason", verdict.whyNot().map(Object::toString).orElse(null));
    shown.put("detail", verdict.detail());
    return shown;
  }

  private static Map<String, @Nullable Object> drift(PlacementDrift drift) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("repairs", drift.repairs());
    shown.put("last", drift.last() == null ? null : Times.wire(drift.last()));
    shown.put("what", drift.what());
    shown.put("program", drift.program());
    shown.put("pid", drift.pid());
    return shown;
  }
}
