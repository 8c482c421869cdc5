package cthelper.api;

import static cthelper.api.ShownAgent.TABLE;

import cthelper.auth.Caller;
import cthelper.model.NodeId;
import cthelper.store.NodeStore;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The nodes, in the shape of Neutron's extension {@code agent}. */
@Path("/v2.0/agents")
@Tag(name = "agents")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "NotAllowed")
@APIResponse(responseCode = "413", ref = "BodyTooLarge")
@APIResponse(responseCode = "429", ref = "TooManyRequests")
@APIResponse(responseCode = "500", ref = "Failed")
@APIResponse(responseCode = "503", ref = "DatabaseAway")
class AgentsResource {

  private final NodeStore nodes;
  private final Callers callers;

  AgentsResource(NodeStore nodes, Callers callers) {
    this.callers = callers;
    this.nodes = nodes;
  }

  @GET
  @Operation(
      operationId = "listAgents",
      summary = "List the nodes, alive or not",
      description = "Values of one filter mean or, several filters mean and.")
  @APIResponse(responseCode = "200", ref = "Agents")
  @APIResponse(responseCode = "400", ref = "BadQuery")
  public Map<String, Object> list(@Context RoutingContext exchange) {
    callers.allowed(Rule.GET_AGENT);
    ListQuery<ShownAgent> query = ListQuery.parse(TABLE, RequestAddress.of(exchange));
    return TABLE.envelope(
        query.page(nodes.list().stream().map(ShownAgent::new).toList()), query.fields());
  }

  @GET
  @Path("{id}")
  @Operation(
      operationId = "showAgent",
      summary = "Show a node",
      description =
          "Tells the node's kernel, the helpers that kernel has, and when the node was last heard.")
  @APIResponse(responseCode = "200", ref = "Agent")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  @APIResponse(responseCode = "404", ref = "NoSuchAgent")
  public Map<String, Object> show(
      @Parameter(ref = "AgentId") @PathParam("id") String id, @Context RoutingContext exchange) {
    callers.allowed(Rule.GET_AGENT);
    return TABLE.envelope(
        Ids.uuid(id)
            .flatMap(known -> nodes.find(new NodeId(known)))
            .map(ShownAgent::new)
            .orElseThrow(() -> notFound(id)),
        ListQuery.fields(RequestAddress.of(exchange)));
  }

  @DELETE
  @Path("{id}")
  @Operation(
      operationId = "deleteAgent",
      summary = "Forget a node that is away for good",
      description =
          "Its placements go with it; a deleted router is waited for there no longer. Should the node"
              + " come back, it is listed again.")
  @APIResponse(responseCode = "204", ref = "Deleted")
  @APIResponse(responseCode = "400", ref = "BadDelete")
  @APIResponse(responseCode = "404", ref = "NoSuchAgent")
  @APIResponse(responseCode = "409", ref = "AgentAlive")
  public void delete(@Parameter(ref = "AgentId") @PathParam("id") String id) {
    Caller caller = callers.allowed(Rule.DELETE_AGENT);
    NodeId node = Ids.uuid(id).map(NodeId::new).orElseThrow(() -> notFound(id));
    switch (nodes.delete(node)) {
      case DELETED -> AcceptedWrites.agentDeleted(node, caller);
      case NO_SUCH_NODE -> throw notFound(id);
      case STILL_ALIVE ->
          throw new NeutronFault(
              409,
              "AgentInUse",
              "Agent " + id + " is alive: stop its executor first, or it would be back at once.");
    }
  }

  private static NeutronFault notFound(String id) {
    return new NeutronFault(404, "AgentNotFound", "Agent " + Echo.of(id) + " could not be found.");
  }
}
