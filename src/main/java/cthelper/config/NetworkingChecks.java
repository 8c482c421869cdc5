package cthelper.config;

import cthelper.config.CtHelperConfig.Auth;
import cthelper.config.CtHelperConfig.RouterSource;
import java.util.List;

/** What can be wrong with {@code cthelper.router-source=neutron} before the start. */
final class NetworkingChecks {

  private NetworkingChecks() {}

  static void check(CtHelperConfig config, List<String> problems) {
    if (config.routerSource() != RouterSource.NEUTRON) {
      return;
    }
    if (config.auth() != Auth.KEYSTONE) {
      problems.add(
          "cthelper.router-source=neutron asks with a token of Keystone: set"
              + " CTHELPER_AUTH=keystone with CTHELPER_KEYSTONE_URL, or CTHELPER_ROUTER_SOURCE=own");
    }
    checkAddress(config.networking(), problems);
    checkTimes(config.networking(), problems);
  }

  private static void checkAddress(CtHelperConfig.Networking networking, List<String> problems) {
    if (networking.url().isEmpty()) {
      problems.add(
          "cthelper.networking.url is needed with cthelper.router-source=neutron, for example"
              + " https://network.example.org:9696");
    }
    networking
        .url()
        .filter(url -> !StartChecks.isHttp(url))
        .ifPresent(url ->
            problems.add("cthelper.networking.url: must be like https://host:9696, without user"));
  }

  private static void checkTimes(CtHelperConfig.Networking networking, List<String> problems) {
    StartChecks.checkTimeout("cthelper.networking.timeout", networking.timeout(), problems);
    if (networking.routerCache().isNegative()) {
      problems.add(
          "cthelper.networking.router-cache: must not be negative; PT0S remembers nothing");
    }
    if (networking.unknownCache().isNegative()) {
      problems.add(
          "cthelper.networking.unknown-cache: must not be negative; PT0S remembers nothing");
    }
  }
}
