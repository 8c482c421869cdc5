package cthelper.auth;

import cthelper.auth.KeystoneTokens.OwnToken;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;

/**
 * This service's own token, for questions to other OpenStack services. It goes nowhere else: not
 * into a log, not into an answer. Thread-safe; only with {@code cthelper.auth=keystone}.
 */
@ApplicationScoped
public class ServiceToken {

  private final KeystoneTokens tokens;

  ServiceToken(KeystoneTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Asks with the token, and once more with a new one when that is refused: it may have been
   * revoked.
   *
   * @param question from the value of {@code X-Auth-Token} to the answer; to nothing when the token
   *     is refused
   * @return nothing when the new one was refused too
   * @throws IdentityServiceAway when there is no token to be had
   */
  public <T> Optional<T> ask(Function<String, Optional<T>> question) {
    return tokens.withOwn((OwnToken own) -> question.apply(own.value()));
  }
}
