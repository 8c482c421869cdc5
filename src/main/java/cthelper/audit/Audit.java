package cthelper.audit;

import cthelper.model.RouterId;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * {@code ./run audit}: goes through all router namespaces of this machine, compares each with what
 * the API says of its router, and lists what differs and what is left over.
 *
 * <pre>
 * leftover  qrouter-5c9e…  table, but the API knows no such router
 * audit: 12 namespaces, 60 active helpers, 1 finding
 * </pre>
 *
 * <p>Settings: {@code CTHELPER_AUDIT_API} (default {@code http://127.0.0.1:9696}), {@code
 * OS_TOKEN}, {@code CTHELPER_NETNS_DIR}. Exit code 0 when all is as it should be, 1 when something
 * is not, 2 when it could not be found out. What is under way is looked at again until it is
 * settled, for five seconds.
 */
public final class Audit {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final ApiView api;
  private final NamespaceDoor door;
  private final Path directory;
  private int active;

  private Audit(ApiView api, NamespaceDoor door, Path directory) {
    this.api = api;
    this.door = door;
    this.directory = directory;
  }

  public static void main(String... arguments) {
    System.exit(run());
  }

  private static int run() {
    String base = setting("CTHELPER_AUDIT_API").orElse("http://127.0.0.1:" + port());
    Path directory = Path.of(setting("CTHELPER_NETNS_DIR").orElse("/run/netns"));
    try (NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
        HttpClient client = HttpClient.newHttpClient()) {
      ApiView api = new ApiView(URI.create(base), setting("OS_TOKEN"), client);
      return new Audit(api, door, directory).report();
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("audit: " + base + ": " + e);
      return 2;
    }
  }

  private static Optional<String> setting(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }

  private static String port() {
    return setting("QUARKUS_HTTP_PORT").orElse("9696");
  }

  private int report() throws IOException {
    Optional<String> missing = door.missingPrivilege();
    if (missing.isPresent()) {
      System.err.println("audit: " + missing.get() + "; run as root");
      return 2;
    }
    List<String> names = names();
    List<Finding> findings = new ArrayList<>();
    for (String name : names) {
      findings.addAll(settled(name));
    }
    findings.forEach(System.out::println);
    System.out.printf(
        "audit: %d namespaces, %d active helpers, %d finding%s%n",
        names.size(), active, findings.size(), findings.size() == 1 ? "" : "s");
    boolean unknown = findings.stream().anyMatch(it -> it.kind() == Finding.Kind.UNKNOWN);
    return findings.isEmpty() ? 0 : unknown ? 2 : 1;
  }

  private List<String> names() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> router(name).isPresent())
          .sorted()
          .toList();
    }
  }

  /** A change of a moment ago is no finding: what is found must be found again. */
  private List<Finding> settled(String name) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<List<SaidHelper>> said = api.helpersOf(router(name).orElseThrow());
      List<Finding> findings = look(name, said);
      boolean underWay = said.orElse(List.of()).stream().anyMatch(SaidHelper::isUnderWay);
      if ((findings.isEmpty() && !underWay) || System.nanoTime() - deadline > 0) {
        active += (int) said.orElse(List.of()).stream().filter(SaidHelper::isActive).count();
        return findings;
      }
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(BETWEEN_LOOKS.toMillis()));
    }
  }

  private List<Finding> look(String name, Optional<List<SaidHelper>> said) {
    return switch (door.open(directory.resolve(name))) {
      case Opening.Opened(NamespaceSocket socket) -> {
        try (socket) {
          yield Comparison.of(
              name, said, SeenNamespace.read(door, directory.resolve(name), socket));
        }
      }
      case Opening.NotThere(), Opening.NotYet() -> List.of();
      case Opening.NotPermitted(String detail) -> unknown(name, detail);
      case Opening.Failed(var _, String detail) -> unknown(name, detail);
    };
  }

  private static List<Finding> unknown(String name, String detail) {
    return List.of(new Finding(Finding.Kind.UNKNOWN, name, "cannot be read: " + detail));
  }

  /** {@code qrouter-<id>} and {@code snat-<id>}. */
  private static Optional<RouterId> router(String name) {
    return Stream.of("qrouter-", "snat-")
        .filter(name::startsWith)
        .findFirst()
        .flatMap(prefix -> RouterId.parse(name.substring(prefix.length())));
  }
}
