package cthelper.netfilter;

import cthelper.model.AddressFamily;
import cthelper.model.Protocol;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which new connections something in a ruleset concerns. Immutable.
 *
 * @param protocols of tcp and udp, the only ones with helpers
 * @param certain whether it is all of them; else further conditions choose among them
 */
record Scope(Set<AddressFamily> families, Set<Protocol> protocols, Ports ports, boolean certain) {

  static final Scope EVERYTHING =
      new Scope(
          EnumSet.allOf(AddressFamily.class),
          EnumSet.of(Protocol.TCP, Protocol.UDP),
          Ports.ALL,
          true);

  static Scope of(Set<AddressFamily> families) {
    return new Scope(families, EVERYTHING.protocols, Ports.ALL, true);
  }

  static Scope of(AddressFamily family) {
    return of(EnumSet.of(family));
  }

  /** Connections of the protocol of this number; none if no helper can be for it. */
  static Scope ofProtocol(int number) {
    EnumSet<Protocol> protocols = EnumSet.copyOf(EVERYTHING.protocols);
    protocols.removeIf(protocol -> protocol.number() != number);
    return new Scope(EVERYTHING.families, protocols, Ports.ALL, true);
  }

  static Scope of(Ports ports) {
    return new Scope(EVERYTHING.families, EVERYTHING.protocols, ports, true);
  }

  /** What both concern; certain if both are. */
  Scope and(Scope other) {
    if (equals(EVERYTHING)) {
      return other;
    }
    return new Scope(
        both(AddressFamily.class, families, other.families),
        both(Protocol.class, protocols, other.protocols),
        ports.and(other.ports),
        certain && other.certain);
  }

  /** Some of these. */
  Scope unsure() {
    return new Scope(families, protocols, ports, false);
  }

  boolean isEmpty() {
    return families.isEmpty() || protocols.isEmpty() || ports.isEmpty();
  }

  boolean overlaps(Scope other) {
    return !and(other).isEmpty();
  }

  private static <E extends Enum<E>> Set<E> both(Class<E> type, Set<E> one, Set<E> other) {
    EnumSet<E> both = EnumSet.noneOf(type);
    both.addAll(one);
    both.retainAll(other);
    return both;
  }
}
