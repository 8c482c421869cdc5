package cthelper.auth;

import cthelper.config.CtHelperConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Makes what {@code cthelper.auth} asks for. */
class IdentitiesProducer {

  @Produces
  @ApplicationScoped
  Identities identities(CtHelperConfig config, KeystoneTokens tokens) {
    return switch (config.auth()) {
      case NONE -> new NoAuthentication();
      case KEYSTONE -> new KeystoneIdentities(tokens, config.keystone());
    };
  }
}
