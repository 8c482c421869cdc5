package cthelper.networking;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.config.CtHelperConfig;
import cthelper.model.RouterId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the service relies on in a Networking service: the double and the real one alike. */
abstract class NetworkingContract {

  static final String TOKEN = "a-token-of-the-service";

  /** A Networking service. */
  interface Side {

    String url();

    /** A new router. */
    RouterId has(String projectId, String name);

    void hasNot(RouterId router);
  }

  abstract Side side();

  private NetworkingClient client() {
    return new NetworkingClient(new Settings(side().url() + "/v2.0"));
  }

  @Test
  void aRouterIsOfItsProjectAndHasItsName() {
    RouterId router = side().has("red", "edge \u00fc&=%");

    assertThat(client().router(TOKEN, router))
        .contains(new NetworkingAnswer.Has(new RemoteRouter(router, "red", "edge \u00fc&=%")));
  }

  @Test
  void oneThatIsNotThereIsSaidNotToBe() {
    assertThat(client().router(TOKEN, RouterId.random())).contains(new NetworkingAnswer.HasNot());
  }

  @Test
  void oneThatIsDeletedIsNotThere() {
    RouterId router = side().has("red", "edge");

    side().hasNot(router);

    assertThat(client().router(TOKEN, router)).contains(new NetworkingAnswer.HasNot());
  }

  @Test
  void byNameThoseOfTheProjectAreFound() {
    String name = "edge \u00fc&=% " + UUID.randomUUID();
    RouterId red = side().has("red", name);
    RouterId blue = side().has("blue", name);
    side().has("red", "another");

    assertThat(named(name, Optional.of("red"))).containsExactly(new RemoteRouter(red, "red", name));
    assertThat(named(name, Optional.empty()))
        .containsExactlyInAnyOrder(
            new RemoteRouter(red, "red", name), new RemoteRouter(blue, "blue", name));
    assertThat(named("nobody's " + name, Optional.empty())).isEmpty();
  }

  private List<RemoteRouter> named(String name, Optional<String> project) {
    return client().routersNamed(TOKEN, new NamesQuestion(Set.of(name), project)).orElseThrow();
  }

  /** As the service is configured. */
  private record Settings(String address) implements CtHelperConfig.Networking {

    @Override
    public Optional<String> url() {
      return Optional.of(address);
    }

    @Override
    public Duration routerCache() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Duration unknownCache() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(20);
    }
  }
}
