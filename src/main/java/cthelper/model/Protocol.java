package cthelper.model;

import static java.util.stream.Collectors.toMap;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An IP protocol as the API spells it, with the number the kernel knows.
 *
 * <p>The wire accepts all six; the kernel has conntrack helpers for {@link #TCP} and {@link #UDP}
 * only. Source: OpenStack Networking API reference, IANA protocol numbers.
 */
public enum Protocol {
  DCCP("dccp", 33),
  ICMP("icmp", 1),
  IPV6_ICMP("ipv6-icmp", 58),
  SCTP("sctp", 132),
  TCP("tcp", 6),
  UDP("udp", 17);

  private static final Map<String, Protocol> BY_WIRE_NAME =
      Stream.of(values()).collect(toMap(Protocol::wireName, Function.identity()));

  private final String wireName;
  private final int number;

  Protocol(String wireName, int number) {
    this.wireName = wireName;
    this.number = number;
  }

  /** The name in the API and in nftables, for example {@code tcp}. */
  public String wireName() {
    return wireName;
  }

  /** The protocol number of the IP header, for example 6. */
  public int number() {
    return number;
  }

  /** The protocol with exactly this lower-case name; no folding, no numbers. */
  public static Optional<Protocol> ofWireName(String wireName) {
    return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
  }

  @Override
  public String toString() {
    return wireName;
  }
}
