package cthelper.api;

import cthelper.auth.Caller;
import cthelper.auth.Identities;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Who calls in this request: asked once, before the resource, for everything but the version
 * documents, which clients read before they have a token.
 */
@RequestScoped
class Callers {

  static final String TOKEN_HEADER = "X-Auth-Token";

  private final Identities identities;
  private final ProjectRates rates;
  private @Nullable Caller caller;

  Callers(Identities identities, ProjectRates rates) {
    this.identities = identities;
    this.rates = rates;
  }

  @ServerRequestFilter
  void identify(ContainerRequestContext request, ResourceInfo resource) {
    if (resource.getResourceClass() != VersionsResource.class) {
      Caller known = identities.of(request.getHeaderString(TOKEN_HEADER));
      rates.count(known);
      caller = known;
    }
  }

  Caller current() {
    return Optional.ofNullable(caller)
        .orElseThrow(() -> new IllegalStateException("nobody asked who calls"));
  }

  /** The caller, who may do this whatever it is done to. */
  Caller allowed(Rule rule) {
    Caller current = current();
    rule.check(current);
    return current;
  }
}
