package cthelper.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The version discovery document, which clients read before anything else. */
@Path("/")
@Tag(name = "versions")
class VersionsResource {

  @GET
  @Operation(operationId = "listVersions", summary = "Which versions of the API are here")
  @APIResponse(responseCode = "200", ref = "Versions")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  @APIResponse(responseCode = "413", ref = "BodyTooLarge")
  public Map<String, Object> list(@Context UriInfo uri) {
    String self = uri.getBaseUri().resolve("/v2.0/").toString();
    return Map.of(
        "versions",
        List.of(
            Map.of(
                "id", "v2.0",
                "status", "CURRENT",
                "links", List.of(Map.of("rel", "self", "href", self)))));
  }
}
