package cthelper.service;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the mainline kernel has, written down here once more so that a mistake in the service's own
 * catalogue is seen: API name, protocol, usual port, name in the kernel, whether IPv6 has it too.
 */
public enum CatalogueEntry {
  AMANDA_UDP("amanda", "udp", 10080, "amanda", true),
  FTP_TCP("ftp", "tcp", 21, "ftp", true),
  H323_TCP("h323", "tcp", 1720, "Q.931", true),
  H323_UDP("h323", "udp", 1719, "RAS", true),
  IRC_TCP("irc", "tcp", 6667, "irc", false),
  NETBIOS_NS_UDP("netbios-ns", "udp", 137, "netbios-ns", false),
  PPTP_TCP("pptp", "tcp", 1723, "pptp", false),
  SANE_TCP("sane", "tcp", 6566, "sane", true),
  SIP_TCP("sip", "tcp", 5060, "sip", true),
  SIP_UDP("sip", "udp", 5060, "sip", true),
  SNMP_UDP("snmp", "udp", 161, "snmp", false),
  TFTP_UDP("tftp", "udp", 69, "tftp", true);

  public final String helper;
  public final String protocol;
  public final int port;
  public final String kernelName;
  public final boolean isForBothFamilies;

  CatalogueEntry(
      String helper, String protocol, int port, String kernelName, boolean isForBothFamilies) {
    this.helper = helper;
    this.protocol = protocol;
    this.port = port;
    this.kernelName = kernelName;
    this.isForBothFamilies = isForBothFamilies;
  }

  static Set<Integer> ports(String protocol) {
    return Arrays.stream(values())
        .filter(entry -> entry.protocol.equals(protocol))
        .map(entry -> entry.port)
        .collect(Collectors.toSet());
  }
}
