package cthelper.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The names of all {@code cthelper.*} settings, and what to say about others.
 *
 * <p>A misspelt setting must never be ignored: {@code cthelper.netnsdir} answers {@code "unknown
 * setting cthelper.netnsdir; did you mean cthelper.netns-dir?"}. Pure.
 */
public final class KnownSettings {

  private static final String PREFIX = "cthelper.";
  private static final String ENVIRONMENT_PREFIX = "CTHELPER_";

  /** Every key of {@link CtHelperConfig}. */
  static final List<String> KEYS =
      List.of(
          "cthelper.adopt",
          "cthelper.allowed-helpers",
          "cthelper.auth",
          "cthelper.data-dir",
          "cthelper.executor.control-plane",
          "cthelper.executor.safety-net",
          "cthelper.executor.state-max-age",
          "cthelper.executor.table-owner",
          "cthelper.keystone.password",
          "cthelper.keystone.project",
          "cthelper.keystone.project-domain",
          "cthelper.keystone.timeout",
          "cthelper.keystone.token-cache",
          "cthelper.keystone.url",
          "cthelper.keystone.user-domain",
          "cthelper.keystone.username",
          "cthelper.limits.helpers-per-router",
          "cthelper.limits.routers-per-project",
          "cthelper.limits.requests-per-second",
          "cthelper.netns-dir",
          "cthelper.networking.router-cache",
          "cthelper.networking.timeout",
          "cthelper.networking.unknown-cache",
          "cthelper.networking.url",
          "cthelper.node-name",
          "cthelper.node-stream.enabled",
          "cthelper.node-stream.host",
          "cthelper.node-stream.port",
          "cthelper.profile",
          "cthelper.roles",
          "cthelper.router-source");

  private KnownSettings() {}

  /**
   * One line for each unknown setting, sorted by name; empty when all are known.
   *
   * @param properties names of configuration properties, others than ours included
   * @param environment the process environment; only its names are looked at
   */
  public static List<String> unknown(Iterable<String> properties, Map<String, String> environment) {
    Map<String, String> lines = new TreeMap<>();
    for (String name : properties) {
      // The configuration library shows CTHELPER_DATA_DIR as cthelper.data.dir too: see below.
      boolean isVariable = environment.containsKey(environmentName(name));
      if (name.startsWith(PREFIX) && !isVariable && !KEYS.contains(withoutIndex(name))) {
        lines.put(name, line(name, nearest(name)));
      }
    }
    List<String> known = KEYS.stream().map(KnownSettings::environmentName).toList();
    for (String name : environment.keySet()) {
      if (name.startsWith(ENVIRONMENT_PREFIX) && !known.contains(name)) {
        String key = name.toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');
        lines.put(name, line(name, environmentName(nearest(key))));
      }
    }
    return List.copyOf(lines.values());
  }

  /** {@code CTHELPER_DATA_DIR} for {@code cthelper.data-dir}. */
  static String environmentName(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private static String withoutIndex(String name) {
    return name.replaceAll("\\[\\d+]$", "");
  }

  private static String line(String name, String nearest) {
    return "unknown setting " + name + "; did you mean " + nearest + "?";
  }

  private static String nearest(String name) {
    return KEYS.stream().min(Comparator.comparingInt(key -> difference(name, key))).orElseThrow();
  }

  /** A forgotten group ({@code table-owner}) weighs no more than a wrong character. */
  private static int difference(String name, String key) {
    return Math.min(distance(name, key), 1 + distance(lastPart(name), lastPart(key)));
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance: how many characters to add, drop or replace. */
  private static int distance(String left, String right) {
    int[] row =
        Stream.iterate(0, index -> index + 1)
            .limit(right.length() + 1L)
            .mapToInt(index -> index)
            .toArray();
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
