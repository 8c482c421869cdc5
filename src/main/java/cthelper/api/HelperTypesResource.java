package cthelper.api;

import cthelper.auth.Caller;
import cthelper.model.AddressFamily;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperRisk;
import cthelper.model.HelperType;
import cthelper.model.NodeView;
import cthelper.store.NodeStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The catalogue of helper types, with what the kernels of the nodes have of it.
 *
 * <p>Example of one: {@code {"helper": "ftp", "protocol": "tcp", "default_port": 21, "families":
 * ["IPv4", "IPv6"], "allowed": true, "risk": "moderate", "risk_reason": "…", "agents": [{"id":
 * "1a16…", "host": "net-1", "alive": true, "families": ["IPv4", "IPv6"]}]}}.
 */
@Path("/v2.0/conntrack_helper_types")
@Tag(name = "conntrack helper types")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "NotAllowed")
@APIResponse(responseCode = "413", ref = "BodyTooLarge")
@APIResponse(responseCode = "429", ref = "TooManyRequests")
@APIResponse(responseCode = "500", ref = "Failed")
@APIResponse(responseCode = "503", ref = "DatabaseAway")
class HelperTypesResource {

  private final NodeStore nodes;
  private final AllowedSpecs allowed;
  private final Callers callers;

  HelperTypesResource(NodeStore nodes, AllowedSpecs allowed, Callers callers) {
    this.nodes = nodes;
    this.allowed = allowed;
    this.callers = callers;
  }

  @GET
  @Operation(
      operationId = "listConntrackHelperTypes",
      summary = "List which conntrack helpers there are, and which nodes have them",
      description = "Each with what it risks, whether users may have it, and its address families.")
  @APIResponse(responseCode = "200", ref = "ConntrackHelperTypes")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  public Map<String, Object> list() {
    Caller caller = callers.allowed(Rule.GET_HELPER_TYPE);
    List<NodeView> all = caller.isAdmin() ? nodes.list() : List.of();
    return Map.of(
        "conntrack_helper_types",
        HelperCatalog.all().stream().map(type -> shown(type, all, caller)).toList());
  }

  private Map<String, Object> shown(HelperType type, List<NodeView> all, Caller caller) {
    HelperRisk risk = HelperRisk.of(type);
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("helper", type.name());
    shown.put("protocol", type.protocol().wireName());
    shown.put("default_port", type.defaultPort());
    shown.put("families", names(type.families()));
    shown.put("allowed", allowed.allows(type));
    shown.put("risk", risk.high() ? "high" : "moderate");
    shown.put("risk_reason", risk.why());
    if (caller.isAdmin()) {
      shown.put(
          "agents",
          all.stream()
              .filter(node -> node.node().helpers().containsKey(type))
              .map(node -> shown(type, node))
              .toList());
    }
    return shown;
  }

  private static Map<String, Object> shown(HelperType type, NodeView node) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("id", node.node().id().toString());
    shown.put("host", node.node().name());
    shown.put("alive", node.alive());
    shown.put("families", names(node.node().helpers().getOrDefault(type, Set.of())));
    return shown;
  }

  /** In the order of their names. */
  static List<String> names(Collection<AddressFamily> families) {
    return families.stream().map(AddressFamily::toString).sorted().toList();
  }
}
