package cthelper.auth;

import cthelper.config.CtHelperConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
  private final Duration timeout;
  private final ReentrantLock loggingIn = new ReentrantLock();
  private volatile @Nullable OwnToken own;

  KeystoneTokens(CtHelperConfig config) {
    this.client = new KeystoneClient(config.keystone());
    this.timeout = config.keystone().timeout();
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

  /** One that is good, and not this one, which was refused. One thread logs in, for all. */
  private OwnToken ownToken(@Nullable OwnToken refused) {
    return usable(refused)
        .orElseGet(() -> {
          awaitTurn();
          try {
            return usable(refused).orElseGet(this::logIn);
          } finally {
            loggingIn.unlock();
          }
        });
  }

  private Optional<OwnToken> usable(@Nullable OwnToken refused) {
    return Optional.ofNullable(own).filter(now -> !now.equals(refused) && now.isGood());
  }

  /** For as long as one login may take: those behind one that hangs do not wait for each other. */
  private void awaitTurn() {
    try {
      if (!loggingIn.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IdentityServiceAway("it has not given this service a token within " + timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IdentityServiceAway("interrupted while a token was waited for");
    }
  }

  private OwnToken logIn() {
    OwnToken made = client.authenticate();
    own = made;
    return made;
  }
}
