package cthelper.model;

import static cthelper.model.AddressFamily.IPV4;
import static cthelper.model.AddressFamily.IPV6;
import static cthelper.model.Protocol.TCP;
import static cthelper.model.Protocol.UDP;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The closed list of helper types: whatever is not here never reaches a kernel. A new type is one
 * new line.
 *
 * <p>Source: {@code nf_conntrack_*} of the mainline kernel, each line tried on Linux 6.18.
 * Stateless.
 */
public final class HelperCatalog {

  private static final Set<AddressFamily> BOTH = EnumSet.of(IPV4, IPV6);
  private static final Set<AddressFamily> ONLY_IPV4 = EnumSet.of(IPV4);

  private static final List<HelperType> TYPES =
      List.of(
          new HelperType("amanda", UDP, "amanda", BOTH, 10080),
          new HelperType("ftp", TCP, "ftp", BOTH, 21),
          new HelperType("h323", TCP, "Q.931", BOTH, 1720),
          new HelperType("h323", UDP, "RAS", BOTH, 1719),
          new HelperType("irc", TCP, "irc", ONLY_IPV4, 6667),
          new HelperType("netbios-ns", UDP, "netbios-ns", ONLY_IPV4, 137),
          new HelperType("pptp", TCP, "pptp", ONLY_IPV4, 1723),
          new HelperType("sane", TCP, "sane", BOTH, 6566),
          new HelperType("sip", TCP, "sip", BOTH, 5060),
          new HelperType("sip", UDP, "sip", BOTH, 5060),
          new HelperType("snmp", UDP, "snmp", ONLY_IPV4, 161),
          new HelperType("tftp", UDP, "tftp", BOTH, 69));

  private static final Map<Protocol, Map<String, HelperType>> BY_NAME =
      TYPES.stream()
          .collect(groupingBy(HelperType::protocol, toMap(HelperType::name, Function.identity())));

  private HelperCatalog() {}

  /** Every type, ordered by name, then protocol. */
  public static List<HelperType> all() {
    return TYPES;
  }

  /** The type of this API name and protocol, if any kernel can have it. */
  public static Optional<HelperType> find(String name, Protocol protocol) {
    return Optional.ofNullable(BY_NAME.getOrDefault(protocol, Map.of()).get(name));
  }

  /**
   * The type of this text, {@code ftp:tcp}: the form of {@link HelperType#toString}.
   *
   * @throws IllegalArgumentException when no kernel can have it
   */
  public static HelperType parse(String text) {
    return TYPES.stream()
        .filter(type -> type.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("a helper type that no kernel has"));
  }

  /** The type whose kernel object has this name, for example {@code ftp-tcp}. */
  public static Optional<HelperType> ofObjectName(String objectName) {
    return TYPES.stream().filter(type -> type.objectName().equals(objectName)).findFirst();
  }
}
