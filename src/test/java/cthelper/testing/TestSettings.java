package cthelper.testing;

import cthelper.config.CtHelperConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The service's settings as the configuration library reads them. */
public final class TestSettings {

  private TestSettings() {}

  /** These settings, for example {@code cthelper.roles}; defaults for all others. */
  public static CtHelperConfig of(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .withMapping(CtHelperConfig.class)
        .build()
        .getConfigMapping(CtHelperConfig.class);
  }
}
