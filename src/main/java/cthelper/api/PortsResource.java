package cthelper.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The ports of a router, of which this service knows nothing: {@code openstack router show} asks
 * for them and fails without an answer.
 */
@Path("/v2.0/ports")
@Tag(name = "routers")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "NotAllowed")
@APIResponse(responseCode = "503", ref = "DatabaseAway")
@APIResponse(responseCode = "413", ref = "BodyTooLarge")
@APIResponse(responseCode = "429", ref = "TooManyRequests")
class PortsResource {

  private final Callers callers;

  PortsResource(Callers callers) {
    this.callers = callers;
  }

  @GET
  @Operation(
      operationId = "listPorts",
      summary = "List ports: always none",
      description = "Clients ask for the ports of a router (device_id) when they show it.")
  @APIResponse(responseCode = "200", ref = "Ports")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  public Map<String, Object> list() {
    callers.allowed(Rule.GET_PORT);
    return Map.of("ports", List.of());
  }
}
