package cthelper.lab;

import java.util.List;
import java.util.stream.Stream;

/**
 * What connection tracking holds in a namespace, as the {@code conntrack} program prints it: a
 * witness that shares no code with the product.
 */
public final class Conntrack {

  private Conntrack() {}

  /** A line per connection of both families, for example {@code … dport=21 … helper=ftp …}. */
  public static List<String> connections(LabNamespace namespace) {
    return Stream.of("ipv4", "ipv6")
        .flatMap(family -> lines(namespace, "-L", "-f", family, "-o", "extended"))
        .toList();
  }

  /** The connections that carry this helper, by its name in the kernel. */
  public static List<String> connectionsWithHelper(LabNamespace namespace, String helper) {
    return connections(namespace).stream()
        .filter(line -> (line + " ").contains(" helper=" + helper + " "))
        .toList();
  }

  /** A line per expected connection of both families. */
  public static List<String> expectations(LabNamespace namespace) {
    return Stream.of("ipv4", "ipv6")
        .flatMap(family -> lines(namespace, "-L", "expect", "-f", family))
        .toList();
  }

  private static Stream<String> lines(LabNamespace namespace, String... arguments) {
    String[] all =
        Stream.concat(Stream.of("conntrack"), Stream.of(arguments)).toArray(String[]::new);
    return namespace.command(all).run().lines();
  }
}
