package cthelper.networking;

import cthelper.auth.WithKeystone;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The service beside an existing cloud: whose routers are says the Networking service. */
public class WithNetworking extends WithKeystone {

  private static @Nullable NetworkingDouble running;

  /** The double that this profile's service asks. */
  public static NetworkingDouble networking() {
    return Optional.ofNullable(running).orElseThrow();
  }

  /** What is remembered outlives every test. */
  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
    settings.put("cthelper.router-source", "neutron");
    settings.put("cthelper.networking.router-cache", "PT10M");
    settings.put("cthelper.networking.unknown-cache", "PT10M");
    return settings;
  }

  @Override
  public List<TestResourceEntry> testResources() {
    List<TestResourceEntry> resources = new ArrayList<>(super.testResources());
    resources.add(new TestResourceEntry(BesideTheServiceToo.class));
    return resources;
  }

  /** Nothing is remembered, and nobody is waited for long. */
  public static final class Forgetful extends WithNetworking {

    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("cthelper.networking.router-cache", "PT0S");
      settings.put("cthelper.networking.unknown-cache", "PT0S");
      settings.put("cthelper.networking.timeout", "PT2S");
      return settings;
    }
  }

  /** Starts and ends with the service. */
  public static final class BesideTheServiceToo implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
      running = new NetworkingDouble(token -> keystone().knows(token));
      return Map.of("cthelper.networking.url", running.url() + "/v2.0/");
    }

    @Override
    public void stop() {
      Optional.ofNullable(running).ifPresent(NetworkingDouble::close);
      running = null;
    }
  }
}
