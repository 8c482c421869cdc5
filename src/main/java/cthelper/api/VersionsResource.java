package cthelper.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The version discovery document, which clients read before anything else. */
@Path("/")
@Tag(name = "versions")
class VersionsResource {

  @GET
  @Operation(
      operationId = "listVersions",
      summary = "Which versions of the API are here",
      description =
          "Answered at the root of the service, for clients that look for a version there first.")
  @APIResponse(responseCode = "200", ref = "Versions")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  @APIResponse(responseCode = "413", ref = "BodyTooLarge")
  public Map<String, Object> list(@Context RoutingContext exchange) {
    return Map.of("versions", List.of(version(RequestAddress.of(exchange))));
  }

  /**
   * Neutron lists its resources at the address with a slash, and knows the other one not at all.
   */
  @GET
  @Path("v2.0")
  @Operation(
      operationId = "showVersion",
      summary = "This version of the API, and what is in it",
      description = "Clients that are given this address begin here; there is no other version.")
  @APIResponse(responseCode = "200", ref = "Version")
  @APIResponse(responseCode = "400", ref = "BadAddress")
  @APIResponse(responseCode = "413", ref = "BodyTooLarge")
  public Map<String, Object> show(@Context RoutingContext exchange) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", version(RequestAddress.of(exchange)));
    document.put(
        "resources",
        Stream.of("router", "agent", "conntrack_helper_type", "extension", "port")
            .map(name -> resource(RequestAddress.of(exchange), name))
            .toList());
    return document;
  }

  private static Map<String, Object> version(RequestAddress address) {
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("id", "v2.0");
    version.put("status", "CURRENT");
    version.put("links", List.of(self(address, "/v2.0/")));
    return version;
  }

  private static Map<String, Object> resource(RequestAddress address, String name) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("name", name);
    resource.put("collection", name + "s");
    resource.put("links", List.of(self(address, "/v2.0/" + name + "s")));
    return resource;
  }

  private static Map<String, String> self(RequestAddress address, String path) {
    return Map.of("rel", "self", "href", address.of(path));
  }
}
