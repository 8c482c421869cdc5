package cthelper.netfilter;

import cthelper.model.Protocol;
import cthelper.netfilter.ForeignRule.Effect;
import cthelper.netfilter.ForeignRule.Means;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * The matches and targets of iptables(8), which are structures in host order, whether they lie in
 * iptables' own tables or in nftables. Pure.
 *
 * <p>Source: {@code linux/netfilter/xt_tcpudp.h}, {@code xt_multiport.h}, {@code xt_CT.h}.
 */
final class XtRules {

  /** {@code struct xt_tcp}: source ports, destination ports (2 × u16 each), option, flags. */
  private static final int TCP_BYTES = 12;

  private static final int TCP_OPTION = 8;
  private static final int TCP_FLAGS = 9;
  private static final int TCP_INVERTED = 11;

  /** {@code struct xt_udp}: source ports, destination ports, inverted. */
  private static final int UDP_BYTES = 9;

  private static final int UDP_INVERTED = 8;
  private static final int FIRST_SOURCE_PORT = 0;
  private static final int LAST_SOURCE_PORT = 2;
  private static final int FIRST_DESTINATION_PORT = 4;
  private static final int LAST_DESTINATION_PORT = 6;
  private static final int DESTINATION_INVERTED = 2;

  /**
   * {@code struct xt_multiport_v1}: kind, count, 15 × u16 ports, 15 × u8 range begins, inverted.
   */
  private static final int MULTIPORT_BYTES = 48;

  private static final int MULTIPORT_DESTINATION = 1;
  private static final int MULTIPORT_PORTS = 2;
  private static final int MULTIPORT_MOST = 15;
  private static final int MULTIPORT_RANGES = 32;
  private static final int MULTIPORT_INVERTED = 47;

  /** {@code struct xt_ct_target_info}: u16 flags, zone, 2 × u32 events, the helper's name. */
  private static final int CT_BYTES = 28;

  private static final int CT_HELPER = 12;
  private static final int CT_FLAG_NOTRACK = 1;

  /** Targets after which the next rule follows, whatever happens. */
  private static final Set<String> GOING_ON =
      Set.of("CONNMARK", "DSCP", "LOG", "MARK", "NFLOG", "TCPMSS", "TOS", "TRACE");

  private XtRules() {}

  /**
   * What a match lets through; uncertain when that is not understood.
   *
   * @param data the match's structure, perhaps with padding behind it
   */
  static Scope match(String name, int revision, byte[] data) {
    return switch (name) {
      case "comment" -> Scope.EVERYTHING;
      case "tcp" -> Scope.ofProtocol(Protocol.TCP.number()).and(tcp(data));
      case "udp" -> Scope.ofProtocol(Protocol.UDP.number()).and(udp(data));
      case "multiport" -> revision == 1 ? multiport(data) : Scope.EVERYTHING.unsure();
      default -> Scope.EVERYTHING.unsure();
    };
  }

  /** What a target does, if it matters. */
  static Optional<Effect> target(String name, byte[] data, Means means) {
    if (name.equals("NOTRACK")) {
      return Optional.of(new Effect.Assigns(ForeignAssignment.NOTRACK, means));
    }
    if (name.equals("CT") && data.length >= CT_BYTES) {
      return Optional.of(ct(data, means));
    }
    return GOING_ON.contains(name) ? Optional.empty() : Optional.of(new Effect.Escapes());
  }

  /** The text before the NUL of a fixed number of octets. */
  static String text(byte[] data, int from, int length) {
    int end = from;
    while (end < from + length && data[end] != 0) {
      end++;
    }
    return new String(data, from, end - from, StandardCharsets.UTF_8);
  }

  /** Without helper and notrack it still takes the place of every later one. */
  private static Effect ct(byte[] data, Means means) {
    if ((unsigned(data, 0) & CT_FLAG_NOTRACK) != 0) {
      return new Effect.Assigns(ForeignAssignment.NOTRACK, means);
    }
    String helper = text(data, CT_HELPER, CT_BYTES - CT_HELPER);
    return helper.isEmpty() ? new Effect.Escapes() : new Effect.Assigns(helper, means);
  }

  private static Scope tcp(byte[] data) {
    if (data.length < TCP_BYTES) {
      return Scope.EVERYTHING.unsure();
    }
    Scope scope = destinationPorts(data, data[TCP_INVERTED]);
    return data[TCP_OPTION] == 0 && data[TCP_FLAGS] == 0 ? scope : scope.unsure();
  }

  private static Scope udp(byte[] data) {
    return data.length < UDP_BYTES
        ? Scope.EVERYTHING.unsure()
        : destinationPorts(data, data[UDP_INVERTED]);
  }

  private static Scope destinationPorts(byte[] data, int inverted) {
    Ports named =
        Ports.between(
            unsigned(data, FIRST_DESTINATION_PORT), unsigned(data, LAST_DESTINATION_PORT));
    Scope scope = Scope.of((inverted & DESTINATION_INVERTED) == 0 ? named : named.not());
    boolean anySource =
        Ports.between(unsigned(data, FIRST_SOURCE_PORT), unsigned(data, LAST_SOURCE_PORT))
            .equals(Ports.ALL);
    return anySource && (inverted & ~DESTINATION_INVERTED) == 0 ? scope : scope.unsure();
  }

  private static Scope multiport(byte[] data) {
    if (data.length < MULTIPORT_BYTES || data[0] != MULTIPORT_DESTINATION) {
      return Scope.EVERYTHING.unsure();
    }
    Ports named = Ports.between(1, 0);
    for (int i = 0; i < Math.min(data[1], MULTIPORT_MOST); i++) {
      int first = unsigned(data, MULTIPORT_PORTS + i * Short.BYTES);
      boolean begins = data[MULTIPORT_RANGES + i] != 0 && i + 1 < MULTIPORT_MOST;
      int last = begins ? unsigned(data, MULTIPORT_PORTS + ++i * Short.BYTES) : first;
      named = named.or(Ports.between(first, last));
    }
    return Scope.of(data[MULTIPORT_INVERTED] == 0 ? named : named.not());
  }

  private static int unsigned(byte[] data, int at) {
    return Short.toUnsignedInt(ByteBuffer.wrap(data).order(ByteOrder.nativeOrder()).getShort(at));
  }
}
