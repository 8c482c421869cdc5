package cthelper.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Key stores that {@code ./run certificates} makes, in a directory of their own: {@code NAME.p12}
 * for each name, and {@code trust.p12}.
 */
public record Certificates(Path directory) {

  public static final String PASSWORD = "development";

  /** Adds some, of the authority that is there, or of a new one. */
  public static Certificates make(Path directory, String... names) {
    List<String> command = new ArrayList<>();
    command.add(Path.of("run").toAbsolutePath().toString());
    command.add("certificates");
    command.add(directory.toString());
    command.addAll(List.of(names));
    Command.of(command.toArray(String[]::new)).within(Duration.ofSeconds(60)).run();
    return new Certificates(directory);
  }

  public Path store(String name) {
    return directory.resolve(name + ".p12");
  }

  /** For the environment of the process of this name. */
  public Map<String, String> settings(String name) {
    return Map.of(
        "QUARKUS_TLS_NODES_KEY_STORE_P12_PATH",
        store(name).toString(),
        "QUARKUS_TLS_NODES_KEY_STORE_P12_PASSWORD",
        PASSWORD,
        "QUARKUS_TLS_NODES_TRUST_STORE_P12_PATH",
        store("trust").toString(),
        "QUARKUS_TLS_NODES_TRUST_STORE_P12_PASSWORD",
        PASSWORD);
  }
}
