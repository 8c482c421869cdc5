package cthelper.api;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON_TYPE;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** What holds for every request and every answer, whichever resource it is for. */
class RequestRules {

  /** Old clients append it to the last part of a path: it says nothing and is ignored. */
  private static final String SUFFIX = ".json";

  /** Refuses what no resource has, and cuts the suffix off, before a resource is looked for. */
  @ServerRequestFilter(preMatching = true)
  void check(ContainerRequestContext request, RoutingContext exchange) {
    HttpServerRequest asked = exchange.request();
    String path = asked.path();
    String shorter =
        path.endsWith(SUFFIX) ? path.substring(0, path.length() - SUFFIX.length()) : path;
    checkMethod(request.getMethod(), shorter);
    if (request.getMethod().equals("DELETE") && hasBody(request)) {
      throw NeutronFault.badRequest("Request body is not supported in DELETE.");
    }
    if (asked.headers().getAll(IfMatch.HEADER).stream().anyMatch(String::isBlank)) {
      throw IfMatch.malformed(""); // which JAX-RS takes for none
    }
    if (!shorter.equals(path)) {
      // Both parts are decoded before they are taken: only the parameters are not decoded again.
      request.setRequestUri(URI.create(shorter.replace("%", "%25") + query(asked)));
    }
  }

  private static String query(HttpServerRequest request) {
    return request.query() == null ? "" : "?" + request.query();
  }

  private static void checkMethod(String method, String path) {
    List<String> allowed = Operations.at(path).orElseThrow(() -> HttpFaults.of(404));
    if (!allowed.contains(method)) {
      throw new NotAllowedException(
          Response.status(405).header(HttpHeaders.ALLOW, String.join(", ", allowed)).build());
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
