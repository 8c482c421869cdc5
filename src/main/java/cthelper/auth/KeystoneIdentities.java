package cthelper.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import cthelper.auth.KeystoneTokens.KnownToken;
import cthelper.config.CtHelperConfig;
import cthelper.model.Quoted;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Callers as Keystone knows them. What it said of a token is remembered for a short time ({@code
 * cthelper.keystone.token-cache}) and never beyond the token's end; a token that is revoked may
 * work for as long. Tokens are kept as checksums only; of the same one only one question is under
 * way.
 */
final class KeystoneIdentities implements Identities {

  private static final Logger LOG = Logger.getLogger(KeystoneIdentities.class);
  private static final int MOST_TOKENS = 10_000;

  /** Its header stays within what every server in front of Keystone takes. */
  private static final int LONGEST_TOKEN = 4 * 1024;

  private final KeystoneTokens tokens;
  private final String challenge;
  private final Cache<String, KnownToken> known;

  KeystoneIdentities(KeystoneTokens tokens, CtHelperConfig.Keystone config) {
    this.tokens = tokens;
    this.challenge = "Keystone uri=\"" + KeystoneClient.root(config) + "\"";
    this.known =
        Caffeine.newBuilder()
            .initialCapacity(MOST_TOKENS) // so that questions hardly ever share a bin, and a lock
            .maximumSize(MOST_TOKENS)
            .expireAfter(
                Expiry.<String, KnownToken>creating(
                    (_, token) -> remembered(token, config.tokenCache(), Instant.now())))
            .build();
  }

  static Duration remembered(KnownToken token, Duration most, Instant now) {
    Duration left = Duration.between(now, token.expiresAt());
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(most) < 0 ? left : most;
  }

  @Override
  public Caller of(@Nullable String token) {
    // Anything else cannot be a token, and would make a header that cannot be sent.
    if (token == null || token.length() > LONGEST_TOKEN || !token.matches("[\\x21-\\x7e]+")) {
      throw new TokenRefused();
    }
    KnownToken answer = known.get(checksum(token), _ -> ask(token));
    if (answer.expiresAt().isBefore(Instant.now())) {
      throw new TokenRefused();
    }
    return answer.caller();
  }

  private KnownToken ask(String token) {
    try {
      return tokens.validate(token);
    } catch (CircuitBreakerOpenException e) {
      throw new IdentityServiceAway("it did not answer the last times; asked again in a moment");
    } catch (IdentityServiceAway e) {
      LOG.warnf("Keystone cannot tell who calls: %s", Quoted.of(String.valueOf(e.getMessage())));
      throw e;
    }
  }

  @Override
  public String challenge() {
    return challenge;
  }

  private static String checksum(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
