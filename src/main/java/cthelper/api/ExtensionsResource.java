package cthelper.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** What this service can do, in the shape in which Neutron advertises its extensions. */
@Path("/v2.0/extensions")
@Tag(name = "extensions")
@APIResponse(responseCode = "400", ref = "BadAddress")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "503", ref = "DatabaseAway")
@APIResponse(responseCode = "413", ref = "BodyTooLarge")
@APIResponse(responseCode = "429", ref = "TooManyRequests")
class ExtensionsResource {

  @GET
  @Operation(
      operationId = "listExtensions",
      summary = "List what this service can do",
      description = "Clients look here for the alias of a feature before they use it.")
  @APIResponse(responseCode = "200", ref = "Extensions")
  public Map<String, Object> list() {
    return Map.of("extensions", Extension.ALL.stream().map(Extension::shown).toList());
  }

  /** Not found is said in the words of Neutron's extension manager, which are no NeutronError. */
  @GET
  @Path("{alias}")
  @Operation(
      operationId = "showExtension",
      summary = "Show one thing this service can do",
      description = "Not found is said without a NeutronError, as OpenStack Networking does.")
  @APIResponse(responseCode = "200", ref = "Extension")
  @APIResponse(responseCode = "404", ref = "NoSuchExtension")
  public RestResponse<Map<String, Object>> show(
      @Parameter(ref = "ExtensionAlias") @PathParam("alias") String alias) {
    List<Extension> found =
        Extension.ALL.stream().filter(extension -> extension.alias().equals(alias)).toList();
    return found.isEmpty()
        ? RestResponse.status(
            Status.NOT_FOUND,
            Map.of(
                "message",
                "Extension with alias " + Echo.of(alias) + " does not exist",
                "code",
                "404 Not Found",
                "title",
                "Not Found"))
        : RestResponse.ok(Map.of("extension", found.getFirst().shown()));
  }
}
