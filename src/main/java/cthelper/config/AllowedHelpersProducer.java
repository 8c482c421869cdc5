package cthelper.config;

import cthelper.config.CtHelperConfig.Profile;
import cthelper.model.AllowedHelpers;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the setting {@code cthelper.allowed-helpers} the {@link AllowedHelpers} of the process. */
final class AllowedHelpersProducer {

  AllowedHelpersProducer() {}

  /**
   * Made at the start of the process, so that a pair that no kernel can serve stops it.
   *
   * @throws IllegalArgumentException naming the setting and its wrong pairs
   */
  @Startup
  @Produces
  @Singleton
  static AllowedHelpers allowedHelpers(CtHelperConfig config) {
    try {
      return config
          .allowedHelpers()
          .map(AllowedHelpers::parse)
          .orElseGet(() ->
              config.profile() == Profile.HARDENED
                  ? AllowedHelpers.hardened()
                  : AllowedHelpers.everything());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cthelper.allowed-helpers: " + e.getMessage(), e);
    }
  }
}
