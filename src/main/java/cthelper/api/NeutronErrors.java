package cthelper.api;

import cthelper.auth.Identities;
import cthelper.auth.IdentityServiceAway;
import cthelper.auth.TokenRefused;
import cthelper.model.Quoted;
import cthelper.networking.NetworkingServiceAway;
import cthelper.store.DatabaseTrouble;
import cthelper.store.WriteInDoubt;
import jakarta.enterprise.event.Event;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Whatever goes wrong is answered with a NeutronError. What is nobody's fault but ours goes to the
 * log in full and out as one fixed sentence.
 */
class NeutronErrors {

  private static final Logger LOG = Logger.getLogger(NeutronErrors.class);

  /** A database that restarts or fails over is usually back within this time. */
  private static final int RETRY_AFTER_SECONDS = 2;

  private final Identities identities;
  private final Event<WriteInDoubt> inDoubt;

  NeutronErrors(Identities identities, Event<WriteInDoubt> inDoubt) {
    this.identities = identities;
    this.inDoubt = inDoubt;
  }

  @ServerExceptionMapper
  Response fault(NeutronFault fault) {
    return answer(fault).build();
  }

  /** What JAX-RS itself refuses: unknown paths, methods, oversized bodies. */
  @ServerExceptionMapper
  Response refusedByJaxRs(WebApplicationException refusal) {
    int status = refusal.getResponse().getStatus();
    if (status >= 500) {
      return unexpected(refusal);
    }
    ResponseBuilder answer = answer(HttpFaults.of(status));
    String allowed = refusal.getResponse().getHeaderString(HttpHeaders.ALLOW);
    return (allowed == null ? answer : answer.header(HttpHeaders.ALLOW, allowed)).build();
  }

  /** In the words of keystonemiddleware, which stands before Neutron: no NeutronError. */
  @ServerExceptionMapper
  Response unknownCaller(TokenRefused refused) {
    return Response.status(401)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.WWW_AUTHENTICATE, identities.challenge())
        .entity(
            Map.of(
                "error",
                Map.of(
                    "code",
                    401,
                    "title",
                    "Unauthorized",
                    "message",
                    "The request you have made requires authentication.")))
        .build();
  }

  @ServerExceptionMapper
  Response tooMany(TooManyRequests refused) {
    return answer(
            new NeutronFault(
                429,
                "HTTPTooManyRequests",
                "This project has made too many requests. Please try again later."))
        .header(HttpHeaders.RETRY_AFTER, refused.retryAfterSeconds())
        .build();
  }

  @ServerExceptionMapper
  Response nobodyCanTell(IdentityServiceAway away) {
    return away("identity");
  }

  @ServerExceptionMapper
  Response nobodyKnowsWhose(NetworkingServiceAway away) {
    return away("networking");
  }

  private static Response away(String service) {
    return answer(
            new NeutronFault(
                503,
                "HTTPServiceUnavailable",
                "The %s service cannot be asked at the moment. Please try again."
                    .formatted(service)))
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .build();
  }

  @ServerExceptionMapper
  Response unexpected(Throwable failure) {
    if (DatabaseTrouble.isBehind(failure)) {
      LOG.warnf("database cannot answer now: %s", Quoted.of(failure));
      inDoubt.fire(new WriteInDoubt());
      return answer(HttpFaults.of(503))
          .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
          .build();
    }
    LOG.error("request failed", failure);
    return answer(HttpFaults.of(500)).build();
  }

  private static ResponseBuilder answer(NeutronFault fault) {
    return Response.status(fault.status())
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(fault.body());
  }
}
