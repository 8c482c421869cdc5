package cthelper.networking;

import cthelper.auth.IdentityServiceAway;
import cthelper.auth.ServiceToken;
import cthelper.config.CtHelperConfig;
import cthelper.networking.NetworkingServiceAway.NoSense;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.BiFunction;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;

/**
 * Asks the Networking service in this service's own name. Thread-safe.
 *
 * <p>One that fails is left alone for a moment, so that requests are answered 503 at once and do
 * not all wait for it. One that makes no sense about a router is asked on about others.
 */
@ApplicationScoped
class NetworkingQuestions {

  private final ServiceToken token;
  private final NetworkingClient client;

  NetworkingQuestions(ServiceToken token, CtHelperConfig config) {
    this.token = token;
    this.client = new NetworkingClient(config.networking());
  }

  /**
   * @param question with a token; answers nothing when that is refused
   * @throws NetworkingServiceAway when it cannot be asked
   */
  @CircuitBreaker(
      requestVolumeThreshold = 4,
      failureRatio = 0.75,
      delay = 2000,
      skipOn = NoSense.class)
  <T> T ask(BiFunction<NetworkingClient, String, Optional<T>> question) {
    try {
      return token
          .ask(value -> question.apply(client, value))
          .orElseThrow(() ->
              new NetworkingServiceAway(
                  "it refuses a token that Keystone has just given to this service: do both belong"
                      + " to the same cloud?"));
    } catch (IdentityServiceAway e) {
      throw new NetworkingServiceAway("no token to ask it with: " + e.getMessage());
    }
  }
}
