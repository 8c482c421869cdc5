package cthelper.start;

import cthelper.config.CtHelperConfig;
import cthelper.config.HeldPrivileges;
import cthelper.config.HostAndPort;
import cthelper.config.NodeLinkKind;
import cthelper.config.Role;
import cthelper.executor.LocalExecutor;
import cthelper.executor.NodeSummary;
import cthelper.model.AddressFamily;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** The first lines a person sees: where things are, what this machine can do, what to try. */
@ApplicationScoped
class Welcome {

  private static final Logger LOG = Logger.getLogger(Welcome.class);

  /** Set by {@code ./run} when an ordinary user's process sees namespaces of its own only. */
  private static final String WORLD = "conntrack-helper.world";

  /** Set by {@link Main} when it started the database itself. */
  static final String DATABASE = "conntrack-helper.database";

  private final CtHelperConfig settings;
  private final Config config;
  private final Instance<LocalExecutor> executor;

  Welcome(CtHelperConfig settings, Config config, Instance<LocalExecutor> executor) {
    this.settings = settings;
    this.config = config;
    this.executor = executor;
  }

  /** Prints to standard output, where the log begins after it; where that is JSON, as records. */
  void print() {
    if (config.getValue(ConsoleLog.JSON, Boolean.class)) {
      lines().forEach(line -> LOG.info(line.strip()));
      return;
    }
    PrintWriter out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.println(String.join(System.lineSeparator(), lines())); // in one piece, whatever is logged
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("The conntrack-helper service is ready.");
    if (settings.roles().contains(Role.API)) {
      lines.add(
          line(
              "API",
              base()
                  + "/v2.0/routers (OpenStack Networking wire format, "
                  + authentication()
                  + ")"));
      lines.add(line("Swagger UI", base() + "/swagger-ui"));
    }
    lines.add(line("Health", management() + "/q/health, metrics at /q/metrics"));
    if (Role.needDatabase(settings.roles())) {
      lines.add(line("Database", database()));
    }
    nodeLink().forEach(lines::add);
    lines.add(line("Roles", roles()));
    lines.add(line("Privileges", privileges()));
    if (settings.roles().contains(Role.EXECUTOR)) {
      NodeSummary node = executor.get().summary();
      lines.add(line("Node", node.name() + ", kernel " + node.kernel()));
      lines.add(line("Namespaces", namespaces(node)));
      if (hasOwnWorld()) {
        lines.add(line("World", "your own, without root; ./run shell opens a shell in it"));
      }
      helpers(node.helpers()).forEach(text -> lines.add(line("Kernel has", text)));
      lines.add(line("Protection", protection(node)));
    }
    if (settings.roles().contains(Role.API)) {
      lines.add(
          line(
              "Try",
              "curl -s "
                  + token()
                  + base()
                  + "/v2.0/routers -d '{\"router\": {\"name\": \"r1\"}}'"));
    }
    return lines;
  }

  private static String line(String title, String text) {
    return "  %-11s %s".formatted(title, text);
  }

  /** Nothing where reconciler and executor speak to each other directly. */
  private List<String> nodeLink() {
    NodeLinkKind link = NodeLinkKind.of(settings);
    List<String> lines = new ArrayList<>();
    if (link.listens()) {
      CtHelperConfig.NodeStream stream = settings.nodeStream();
      lines.add(
          line(
              "Nodes",
              "executors dial " + new HostAndPort(stream.host(), stream.port()) + " (gRPC)"));
    }
    if (link.dials()) {
      lines.add(
          line(
              "Reconciler",
              HostAndPort.all(settings.executor().controlPlane()).stream()
                  .map(HostAndPort::toString)
                  .collect(Collectors.joining(", "))));
    }
    return lines;
  }

  private String authentication() {
    return switch (settings.auth()) {
      case NONE -> "no authentication";
      case KEYSTONE -> "tokens of " + settings.keystone().url().orElse("Keystone");
    };
  }

  private String token() {
    return settings.auth() == CtHelperConfig.Auth.NONE ? "" : "-H \"X-Auth-Token: $TOKEN\" ";
  }

  private String base() {
    return url("quarkus.http.host", "quarkus.http.port");
  }

  private String management() {
    return url("quarkus.management.host", "quarkus.management.port");
  }

  private String url(String hostSetting, String portSetting) {
    String host = config.getValue(hostSetting, String.class);
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + config.getValue(portSetting, String.class);
  }

  private String database() {
    return config
        .getOptionalValue(DATABASE, String.class)
        .orElseGet(() ->
            config.getValue("quarkus.datasource.jdbc.url", String.class).replaceAll("[?].*", ""));
  }

  private String roles() {
    return settings.roles().stream()
        .sorted()
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static String privileges() {
    try {
      HeldPrivileges held = HeldPrivileges.ofThisThread();
      return held.names() + (held.noNewPrivileges() ? ", and never more (no_new_privs)" : "");
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private String namespaces(NodeSummary node) {
    Set<String> names = new TreeSet<>(node.namespaces());
    String seen =
        names.size()
            + (names.size() == 1 ? " router namespace in " : " router namespaces in ")
            + node.directory();
    if (!Files.isDirectory(node.directory())) {
      return node.directory() + " is not there yet; it is waited for";
    }
    String add = hasOwnWorld() ? "./run shell ip netns add" : "ip netns add";
    return names.isEmpty()
        ? seen + " yet (" + add + " qrouter-<router id> makes one)"
        : seen
            + names.stream()
                .limit(3)
                .collect(Collectors.joining(", ", ": ", names.size() > 3 ? ", ..." : ""));
  }

  /** One line for each set of families, the empty one ("missing") last. */
  private static List<String> helpers(Map<HelperType, Set<AddressFamily>> helpers) {
    List<String> lines = new ArrayList<>();
    addHelpers(lines, "for IPv4 and IPv6: ", helpers, EnumSet.allOf(AddressFamily.class));
    addHelpers(lines, "for IPv4 only: ", helpers, EnumSet.of(AddressFamily.IPV4));
    addHelpers(lines, "for IPv6 only: ", helpers, EnumSet.of(AddressFamily.IPV6));
    addHelpers(lines, "not: ", helpers, EnumSet.noneOf(AddressFamily.class));
    return lines;
  }

  private static void addHelpers(
      List<String> lines,
      String title,
      Map<HelperType, Set<AddressFamily>> helpers,
      Set<AddressFamily> families) {
    String names =
        HelperCatalog.all().stream()
            .filter(type -> helpers.getOrDefault(type, Set.of()).equals(families))
            .map(HelperType::toString)
            .collect(Collectors.joining(" "));
    if (!names.isEmpty()) {
      lines.add(title + names);
    }
  }

  private boolean hasOwnWorld() {
    return config.getOptionalValue(WORLD, String.class).isPresent();
  }

  private static String protection(NodeSummary node) {
    return node.ownsTables()
        ? "other programs cannot change our tables (owner and persist flags)"
        : "none against other programs: tables without owner flag";
  }
}
