package cthelper.lab;

import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the router of a {@link Lab} does to addresses and ports between its client and its server,
 * the same for IPv4 and IPv6.
 */
public enum Nat {
  /** Nothing. */
  NONE,

  /** The server sees the router's address in place of the client's. */
  MASQUERADE,

  /** The router's own port 2000 + p leads to port p of the server; its address stays unknown. */
  PORT_FORWARD;

  private static final int DISTANCE = 2000;

  /** The port the client asks for when it means this one of the server. */
  public int outsidePort(int port) {
    return this == PORT_FORWARD ? DISTANCE + port : port;
  }

  /** The nftables rules, in a table of their own. */
  String table(OpenPorts openPorts) {
    return switch (this) {
      case NONE -> "";
      case MASQUERADE ->
          """
          table inet lab_nat {
            chain postrouting {
              type nat hook postrouting priority srcnat; policy accept;
              oifname "to-server" masquerade
            }
          }
          """;
      case PORT_FORWARD ->
          """
          table inet lab_nat {
            chain prerouting {
              type nat hook prerouting priority dstnat; policy accept;
              iifname "to-client" goto forward_ports
            }
            chain forward_ports {
              %s
            }
          }
          """
              .formatted(forwards("tcp", openPorts.tcp()) + forwards("udp", openPorts.udp()));
    };
  }

  private String forwards(String protocol, Collection<Integer> ports) {
    return new TreeSet<>(ports)
        .stream()
            .map(port ->
                """
                ip daddr 10.98.1.1 %1$s dport %2$d dnat ip to 10.98.2.2:%3$d
                ip6 daddr fd98:0:0:1::1 %1$s dport %2$d dnat ip6 to [fd98:0:0:2::2]:%3$d
                """
                    .formatted(protocol, outsidePort(port), port))
            .collect(Collectors.joining());
  }
}
