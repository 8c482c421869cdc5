package cthelper.truth;

import cthelper.service.CatalogueEntry;

/**
 * Rules of other programs in a router's namespace: to be left alone, whatever happens. With any of
 * them the kernel tracks connections of IPv4; without any it does so only while we assign helpers.
 */
enum ForeignTable {
  FIREWALL(
      "",
      0,
      "delete table inet firewall",
      """
      table inet firewall {
        set trusted { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 } }
        chain forward {
          type filter hook forward priority 0; policy accept;
          ct state established,related accept
          ip saddr @trusted accept
        }
      }
      """),
  NAT(
      "",
      0,
      "delete table ip nat",
      """
      table ip nat {
        chain postrouting {
          type nat hook postrouting priority 100; policy accept;
          oifname "nowhere" masquerade
        }
      }
      """),
  /** Assigns after us: changes nothing. */
  LATER(
      "",
      0,
      "delete table inet later",
      """
      table inet later {
        ct helper theirs { type "ftp" protocol tcp; }
        chain prerouting {
          type filter hook prerouting priority -140; policy accept;
          tcp dport 5060 ct helper set "theirs"
        }
      }
      """),
  /** Assigns before us, whatever the address family: ours never wins. */
  EARLIER(
      "tcp",
      21,
      "delete table inet earlier",
      """
      table inet earlier {
        ct helper theirs { type "ftp" protocol tcp; }
        chain prerouting {
          type filter hook prerouting priority -160; policy accept;
          tcp dport 21 ct helper set "theirs"
        }
      }
      """),
  EARLIER_FOR_IPV4(
      "udp",
      69,
      "delete table ip earlier4",
      """
      table ip earlier4 {
        ct helper theirs { type "tftp" protocol udp; }
        chain prerouting {
          type filter hook prerouting priority -170; policy accept;
          udp dport 69 ct helper set "theirs"
        }
      }
      """);

  private final String protocol;
  private final int port;
  final String removal;
  final String text;

  ForeignTable(String protocol, int port, String removal, String text) {
    this.protocol = protocol;
    this.port = port;
    this.removal = removal;
    this.text = text;
  }

  /** Whether a connection may have its helper from this table. */
  boolean assigns() {
    return text.contains("ct helper set");
  }

  /** Whether connections to this port meet this table's assignment before ours. */
  boolean overrides(CatalogueEntry type, int at) {
    return type.protocol.equals(protocol) && port == at;
  }
}
