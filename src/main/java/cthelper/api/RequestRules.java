package cthelper.api;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON_TYPE;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** What holds for every request and every answer, whichever resource it is for. */
class RequestRules {

  /** JAX-RS would answer HEAD and OPTIONS by itself; Neutron has neither. */
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");

  @ServerRequestFilter(preMatching = true)
  void check(ContainerRequestContext request) {
    if (!METHODS.contains(request.getMethod())) {
      throw HttpFaults.of(405);
    }
    if (request.getMethod().equals("DELETE") && hasBody(request)) {
      throw NeutronFault.badRequest("Request body is not supported in DELETE.");
    }
  }

  /** JSON is UTF-8 by definition (RFC 8259), and Neutron does not say so again; JAX-RS would. */
  @ServerResponseFilter
  void plainContentType(ContainerResponseContext answer) {
    if (answer.getMediaType() != null
        && answer.getMediaType().isCompatible(APPLICATION_JSON_TYPE)) {
      answer.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, APPLICATION_JSON_TYPE);
    }
  }

  /** A body of unknown length counts as one. */
  private static boolean hasBody(ContainerRequestContext request) {
    return request.getLength() > 0 || request.getHeaders().containsKey("Transfer-Encoding");
  }
}
