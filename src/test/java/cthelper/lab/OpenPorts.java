package cthelper.lab;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The ports on which the firewall of a {@link Lab} lets the client open connections to the server:
 * the control ports of the protocols under test. Everything else is dropped.
 */
public record OpenPorts(Set<Integer> tcp, Set<Integer> udp) {

  /** FTP on 21, TFTP on 69. */
  public static final OpenPorts USUAL = new OpenPorts(Set.of(21), Set.of(69));

  public OpenPorts {
    tcp = Set.copyOf(tcp);
    udp = Set.copyOf(udp);
  }

  /** The nftables rules, for example {@code ct state new tcp dport { 21 } accept}. */
  String rules() {
    return rule("tcp", tcp) + rule("udp", udp);
  }

  private static String rule(String protocol, Set<Integer> ports) {
    return ports.isEmpty()
        ? ""
        : "ct state new %s dport { %s } accept\n"
            .formatted(
                protocol,
                new TreeSet<>(ports)
                    .stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }
}
