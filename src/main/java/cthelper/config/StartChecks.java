package cthelper.config;

import cthelper.config.CtHelperConfig.Auth;
import cthelper.config.CtHelperConfig.Profile;
import cthelper.model.AllowedHelpers;
import cthelper.model.HelperRisk;
import cthelper.model.HelperType;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be known to be wrong before the start: all problems at once, one line each,
 * with the way out.
 */
public final class StartChecks {

  /** They fit into one answer, which the audit relies on. */
  private static final int MOST_HELPERS_PER_ROUTER = 5000;

  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
  private static final int MOST_PORT = 65_535;

  private static final Duration SHORTEST_SAFETY_NET = Duration.ofSeconds(1);

  private StartChecks() {}

  /**
   * The problems of these settings; empty when the start may go on.
   *
   * @param given the names of all settings that are given
   */
  public static List<String> problems(
      CtHelperConfig config, String httpHost, Iterable<String> given) {
    Asked<List<String>> missing = Privileges.isLearningWithout() ? List::of : Privileges::missing;
    return problems(config, httpHost, given, missing, OpenFiles::ofThisProcess);
  }

  static List<String> problems(
      CtHelperConfig config,
      String httpHost,
      Iterable<String> given,
      Asked<List<String>> missingPrivileges,
      Asked<OpenFiles> openFiles) {
    List<String> problems = new ArrayList<>();
    NodeStreamChecks.check(config, NodeStreamChecks.isEncrypted(given), problems);
    checkListening(config.auth(), httpHost, problems);
    if (config.auth() == Auth.KEYSTONE) {
      checkKeystone(config.keystone(), problems);
    }
    NetworkingChecks.check(config, problems);
    checkAllowedHelpers(config, problems);
    checkNamespaceDirectory(config.netnsDir(), problems);
    checkTimes(config.executor(), problems);
    if (config.limits().helpersPerRouter() < 1
        || config.limits().helpersPerRouter() > MOST_HELPERS_PER_ROUTER) {
      problems.add("cthelper.limits.helpers-per-router: must be 1.." + MOST_HELPERS_PER_ROUTER);
    }
    if (config.limits().routersPerProject() < 1) {
      problems.add("cthelper.limits.routers-per-project: must be at least 1");
    }
    if (config.limits().requestsPerSecond() < 1) {
      problems.add("cthelper.limits.requests-per-second: must be at least 1");
    }
    if (config.roles().contains(Role.EXECUTOR)) {
      checkPrivileges(missingPrivileges, problems);
      checkOpenFiles(openFiles, problems);
    }
    return problems;
  }

  /** How to find something out about this process. */
  @FunctionalInterface
  interface Asked<T> {
    T find() throws IOException;
  }

  private static void checkListening(Auth auth, String host, List<String> problems) {
    if (auth == Auth.NONE && !Loopback.isAllOf(host)) {
      problems.add(
          "listening on "
              + host
              + " without authentication would open every router to everybody: set"
              + " CTHELPER_AUTH=keystone with CTHELPER_KEYSTONE_URL, or QUARKUS_HTTP_HOST=127.0.0.1"
              + " and put an authenticating proxy in front");
    }
  }

  private static void checkKeystone(CtHelperConfig.Keystone keystone, List<String> problems) {
    checkGiven("url", keystone.url(), problems);
    checkGiven("username", keystone.username(), problems);
    checkGiven("password", keystone.password(), problems);
    checkGiven("project", keystone.project(), problems);
    keystone
        .url()
        .filter(url -> !isHttp(url))
        .ifPresent(url ->
            problems.add("cthelper.keystone.url: must be like https://host:5000, without user"));
    checkTimeout("cthelper.keystone.timeout", keystone.timeout(), problems);
    if (keystone.tokenCache().isNegative()) {
      problems.add("cthelper.keystone.token-cache: must not be negative; PT0S remembers nothing");
    }
  }

  /** Of a question that callers wait for: their clients do not wait for longer than a minute. */
  static void checkTimeout(String name, Duration timeout, List<String> problems) {
    if (!timeout.isPositive() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      problems.add(name + ": must be longer than nothing and at most PT1M, for example PT5S");
    }
  }

  private static void checkGiven(String name, Optional<String> value, List<String> problems) {
    if (value.isEmpty()) {
      problems.add("cthelper.keystone." + name + " is needed with cthelper.auth=keystone");
    }
  }

  /** An address of a service and nothing else: no user, who would be shown to strangers. */
  static boolean isHttp(String url) {
    try {
      URI uri = new URI(url);
      return uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && uri.getPort() <= MOST_PORT
          && uri.getPort() != 0
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void checkTimes(CtHelperConfig.Executor executor, List<String> problems) {
    if (executor.safetyNet().compareTo(SHORTEST_SAFETY_NET) < 0) {
      problems.add(
          "cthelper.executor.safety-net: every %s is more often than every second"
              .formatted(executor.safetyNet()));
    }
    if (executor.stateMaxAge().isNegative()) {
      problems.add("cthelper.executor.state-max-age: no state is younger than 0");
    }
  }

  /** One that is missing is waited for. */
  private static void checkNamespaceDirectory(Path directory, List<String> problems) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      problems.add("cthelper.netns-dir: " + directory + " is not a directory");
    }
  }

  private static void checkAllowedHelpers(CtHelperConfig config, List<String> problems) {
    try {
      config
          .allowedHelpers()
          .map(AllowedHelpers::parse)
          .filter(_ -> config.profile() == Profile.HARDENED)
          .ifPresent(allowed -> checkHardened(allowed, problems));
    } catch (IllegalArgumentException e) {
      problems.add("cthelper.allowed-helpers: " + e.getMessage());
    }
  }

  private static void checkHardened(AllowedHelpers allowed, List<String> problems) {
    for (HelperType type : allowed.types()) {
      HelperRisk risk = HelperRisk.of(type);
      if (risk.high()) {
        problems.add(
            "cthelper.allowed-helpers: cthelper.profile=hardened refuses "
                + type
                + ": "
                + risk.why());
      }
    }
  }

  private static void checkPrivileges(Asked<List<String>> privileges, List<String> problems) {
    try {
      List<String> missing = privileges.find();
      if (!missing.isEmpty()) {
        problems.add(
            "the executor role needs "
                + String.join(" and ", missing)
                + ": run as root, or leave the role out (CTHELPER_ROLES=api,reconciler)");
      }
    } catch (IOException e) {
      problems.add("cannot read this process's capabilities: " + e.getMessage());
    }
  }

  /** Whether the namespaces that are there fit too is known when they are opened. */
  private static void checkOpenFiles(Asked<OpenFiles> openFiles, List<String> problems) {
    try {
      OpenFiles files = openFiles.find();
      if (files.forNamespaces() == 0) {
        problems.add(
            "the limit of open files is %d, but the executor role needs %d and one for each router"
                    .formatted(files.limit(), OpenFiles.RESERVE)
                + " namespace: "
                + OpenFiles.wayOut(0));
      }
    } catch (IOException e) {
      problems.add("cannot read this process's limit of open files: " + e.getMessage());
    }
  }
}
