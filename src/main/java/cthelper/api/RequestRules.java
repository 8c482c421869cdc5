package cthelper.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** What holds for every request, before it is known which resource it is for. */
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

  /** A body of unknown length counts as one. */
  private static boolean hasBody(ContainerRequestContext request) {
    return request.getLength() > 0 || request.getHeaders().containsKey("Transfer-Encoding");
  }
}
