package cthelper.start;

import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says of a setting whose value cannot be used which one it is, what it is, and what it may be:
 * {@code settings: cthelper.auth cannot be "x"; possible: none, keystone}. Pure.
 */
final class SettingProblem {

  private static final String ADOPT = "cthelper.adopt";
  private static final String ALLOWED = "cthelper.allowed-helpers";
  private static final String JDBC_URL = "quarkus.datasource.jdbc.url";

  private static final Map<String, String> POSSIBLE =
      Map.of(
          ADOPT,
          "true, false",
          "cthelper.auth",
          "none, keystone",
          "cthelper.profile",
          "standard, hardened",
          "cthelper.executor.table-owner",
          "auto, true, false",
          "cthelper.router-source",
          "own, neutron",
          "cthelper.roles",
          "some of api, reconciler, executor");

  /** The library names the setting in every message, in one of two ways. */
  private static final Pattern NAME = Pattern.compile("property '?(?<name>[a-z][\\w.-]*)");

  /** As psql(1) writes it; the JDBC driver takes the password for a port, and says so aloud. */
  private static final Pattern USER_IN_ADDRESS = Pattern.compile("^jdbc:postgresql://[^/?]*@");

  private SettingProblem() {}

  /** One line for what the configuration library says in many words. */
  static String explain(String message, SmallRyeConfig config) {
    Matcher matcher = NAME.matcher(message);
    return matcher.find() ? line(matcher.group("name"), config) : "settings: " + message;
  }

  /** What the library would take for something it is not. */
  static List<String> unreadable(SmallRyeConfig config) {
    Stream<String> adopt =
        raw(ADOPT, config)
            .filter(value -> !List.of("true", "false").contains(value.toLowerCase(Locale.ROOT)))
            .map(value -> line(ADOPT, config))
            .stream();
    Stream<String> none =
        raw(ALLOWED, config)
            .filter(String::isBlank)
            .map(_ ->
                "settings: "
                    + ALLOWED
                    + " is empty: name some, as ftp:tcp,tftp:udp; without it"
                    + " all are allowed")
            .stream();
    Stream<String> database = raw(JDBC_URL, config).stream().flatMap(SettingProblem::database);
    return Stream.of(adopt, none, database).flatMap(problems -> problems).toList();
  }

  /** Never with its value: a password may be part of it. */
  private static Stream<String> database(String url) {
    if (!url.startsWith("jdbc:postgresql:")) {
      return Stream.of("settings: " + JDBC_URL + " has to begin with jdbc:postgresql:");
    }
    if (USER_IN_ADDRESS.matcher(url).find()) {
      return Stream.of(
          "settings: "
              + JDBC_URL
              + " may not hold user and password before the host: set QUARKUS_DATASOURCE_USERNAME"
              + " and QUARKUS_DATASOURCE_PASSWORD");
    }
    return Stream.empty();
  }

  private static String line(String name, SmallRyeConfig config) {
    String possible = POSSIBLE.containsKey(name) ? "; possible: " + POSSIBLE.get(name) : "";
    return "settings: %s cannot be \"%s\"%s"
        .formatted(name, raw(name, config).orElse(""), possible);
  }

  private static Optional<String> raw(String name, SmallRyeConfig config) {
    return Optional.ofNullable(config.getConfigValue(name).getValue());
  }
}
