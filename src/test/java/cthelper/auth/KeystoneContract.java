package cthelper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.auth.KeystoneTokens.KnownToken;
import cthelper.auth.KeystoneTokens.OwnToken;
import cthelper.config.CtHelperConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the service relies on in a Keystone: the double and the real one alike. */
abstract class KeystoneContract {

  /** A Keystone with one project, in which anybody can get a token. */
  interface Side {

    String url();

    Login service();

    String projectId();

    String token(String... roles);

    /** Of somebody with rights over the whole system, in no project. */
    String systemToken();

    void revoke(String token);
  }

  /** How the service logs in. */
  record Login(String username, String password, String project) {

    Login withPassword(String other) {
      return new Login(username, other, project);
    }
  }

  abstract Side side();

  private KeystoneClient client(Login login) {
    return new KeystoneClient(new Settings(side().url(), login));
  }

  private Optional<KnownToken> ask(String token) {
    KeystoneClient client = client(side().service());
    return client.validate(client.authenticate(), token);
  }

  @Test
  void theServiceGetsATokenThatEnds() {
    OwnToken own = client(side().service()).authenticate();

    assertThat(own.value()).isNotEmpty();
    assertThat(own.expiresAt())
        .isBetween(Instant.now().plusSeconds(60), Instant.now().plusSeconds(86_400));
  }

  @Test
  void aWrongPasswordIsSaidToBeOne() {
    KeystoneClient client = client(side().service().withPassword("another"));

    assertThatThrownBy(client::authenticate)
        .isInstanceOf(IdentityServiceAway.class)
        .hasMessageContaining("cthelper.keystone.username, .password");
  }

  @ParameterizedTest
  @CsvSource({"reader, READER", "member, MEMBER", "admin, ADMIN", "service, NONE"})
  void aTokenIsOfItsProjectAndRoles(String role, Standing standing) {
    KnownToken known = ask(side().token(role)).orElseThrow();

    assertThat(known.caller().projectId()).isEqualTo(side().projectId());
    assertThat(known.caller().standing()).isEqualTo(standing);
    assertThat(known.expiresAt()).isAfter(Instant.now());
  }

  @Test
  void aTokenForTheSystemIsOfNoProject() {
    KnownToken known = ask(side().systemToken()).orElseThrow();

    assertThat(known.caller().projectId()).isEmpty();
    assertThat(known.caller().standing()).isEqualTo(Standing.NONE);
  }

  @Test
  void aTokenOfNobodyIsRefused() {
    assertThatThrownBy(() -> ask("made-up-" + UUID.randomUUID())).isInstanceOf(TokenRefused.class);
  }

  @Test
  void aRevokedTokenIsRefused() {
    String token = side().token("member");
    assertThat(ask(token)).isPresent();

    side().revoke(token);

    assertThatThrownBy(() -> ask(token)).isInstanceOf(TokenRefused.class);
  }

  @Test
  void ofTheServiceItselfItIsToldApart() {
    KeystoneClient client = client(side().service());
    OwnToken own = client.authenticate();
    side().revoke(own.value());

    assertThat(client.validate(own, side().token("member"))).isEmpty();
  }

  /** As the service is configured. */
  private record Settings(String address, Login login) implements CtHelperConfig.Keystone {

    @Override
    public Optional<String> url() {
      return Optional.of(address);
    }

    @Override
    public Optional<String> username() {
      return Optional.of(login.username);
    }

    @Override
    public Optional<String> password() {
      return Optional.of(login.password);
    }

    @Override
    public Optional<String> project() {
      return Optional.of(login.project);
    }

    @Override
    public String userDomain() {
      return "default";
    }

    @Override
    public String projectDomain() {
      return "default";
    }

    @Override
    public Duration tokenCache() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(20);
    }
  }
}
