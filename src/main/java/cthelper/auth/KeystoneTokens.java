package cthelper.auth;

import cthelper.config.CtHelperConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.jspecify.annotations.Nullable;

/**
 * Asks Keystone about tokens in the service's own name: gets a token of its own with the first
 * question, and another one when that is about to end or is refused. Thread-safe.
 *
 * <p>A Keystone that fails is left alone for a moment, so that requests are answered 503 at once
 * and do not all wait for it.
 */
@ApplicationScoped
class KeystoneTokens {

  /** A token that ends within this time is as good as ended. */
  private static final long MARGIN_SECONDS = 60;

  /**
   * What Keystone said of a token that it knows.
   *
   * @param expiresAt from when it is nobody's
   */
  record KnownToken(Caller caller, Instant expiresAt) {}

  /** A token of the service itself. */
  record OwnToken(String value, Instant expiresAt) {

    boolean isGood() {
      return Instant.now().plusSeconds(MARGIN_SECONDS).isBefore(expiresAt);
    }

    @Override
    public String toString() {
      return "OwnToken[until " + expiresAt + "]";
    }
  }

  private final KeystoneClient client;
  private volatile @Nullable OwnToken own;

  KeystoneTokens(CtHelperConfig config) {
    this.client = new KeystoneClient(config.keystone());
  }

  /**
   * @throws TokenRefused when Keystone does not know the token
   * @throws IdentityServiceAway when it cannot be asked
   */
  @CircuitBreaker(
      requestVolumeThreshold = 4,
      failureRatio = 0.75,
      delay = 2000,
      skipOn = TokenRefused.class)
  KnownToken validate(String token) {
    return withOwn(own -> client.validate(own, token))
        .orElseThrow(() ->
            new IdentityServiceAway(
                "it refuses the token that it has just given to this service: may this"
                    + " user validate tokens?"));
  }

  /**
   * Asks with a token of this service, and once more with a new one when that is refused.
   *
   * @param question answers nothing when the token is refused
   * @return nothing when the new one was refused too
   * @throws IdentityServiceAway when there is none to be had
   */
  <T> Optional<T> withOwn(Function<OwnToken, Optional<T>> question) {
    OwnToken first = ownToken(null);
    return question.apply(first).or(() -> question.apply(ownToken(first)));
  }

  /** One that is good, and not this one, which was refused. */
  private synchronized OwnToken ownToken(@Nullable OwnToken refused) {
    OwnToken now = own;
    if (now == null || now.equals(refused) || !now.isGood()) {
      now = client.authenticate();
      own = now;
    }
    return now;
  }
}
