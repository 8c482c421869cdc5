package cthelper.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Old clients append {@code .json} to the last part of a path: it says nothing and is ignored. */
class Suffix {

  private static final String JSON = ".json";

  @ServerRequestFilter(preMatching = true)
  void cut(ContainerRequestContext request) {
    URI address = request.getUriInfo().getRequestUri();
    String path = address.getRawPath();
    if (path.endsWith(JSON)) {
      String shorter = path.substring(0, path.length() - JSON.length());
      request.setRequestUri(
          request.getUriInfo().getRequestUriBuilder().replacePath(shorter).build());
    }
  }
}
