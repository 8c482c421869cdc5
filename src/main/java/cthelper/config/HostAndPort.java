package cthelper.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something listens: {@code reconciler.example.org:9697}, {@code 192.0.2.1:9697}, {@code
 * [2001:db8::1]:9697}.
 *
 * @param host a name or an address, without brackets
 * @param port 1..65535
 */
public record HostAndPort(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[(?<bracketed>[0-9a-fA-F:.%]+)]|(?<host>[^\\[\\]:/\\s]+)):(?<port>\\d{1,5})");

  private static final int MAX_PORT = 65535;

  /** Empty for anything else. */
  static Optional<HostAndPort> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String bracketed = matcher.group("bracketed");
    String host = bracketed == null ? matcher.group("host") : bracketed;
    int port = Integer.parseInt(matcher.group("port"));
    return host == null || port < 1 || port > MAX_PORT
        ? Optional.empty()
        : Optional.of(new HostAndPort(host, port));
  }

  /** A list of them that {@link StartChecks} has let pass; empty when there is none. */
  public static List<HostAndPort> all(Optional<List<String>> texts) {
    return texts.orElse(List.of()).stream()
        .map(HostAndPort::parse)
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
