package cthelper.auth;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The service as a cloud runs it: callers bring tokens of Keystone. */
public class WithKeystone implements QuarkusTestProfile {

  private static @Nullable KeystoneDouble running;

  /** The double that this profile's service asks. */
  public static KeystoneDouble keystone() {
    return Optional.ofNullable(running).orElseThrow();
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "cthelper.auth",
        "keystone",
        "cthelper.keystone.username",
        KeystoneDouble.USERNAME,
        "cthelper.keystone.password",
        KeystoneDouble.PASSWORD,
        "cthelper.keystone.project",
        KeystoneDouble.PROJECT,
        "cthelper.keystone.timeout",
        "PT2S",
        "cthelper.limits.routers-per-project",
        "100");
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(BesideTheService.class));
  }

  /** Starts and ends with the service. */
  public static final class BesideTheService implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
      running = new KeystoneDouble();
      return Map.of("cthelper.keystone.url", running.url() + "/v3");
    }

    @Override
    public void stop() {
      Optional.ofNullable(running).ifPresent(KeystoneDouble::close);
      running = null;
    }
  }
}
