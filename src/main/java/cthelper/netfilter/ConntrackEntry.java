package cthelper.netfilter;

import cthelper.model.AddressFamily;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A live connection that carries a helper, with all that is needed to name it to the kernel.
 *
 * @param original of the first packet, before any translation
 * @param helper the kernel's name, for example {@code Q.931}
 * @param master the original tuple of the connection that announced this one
 * @param zone empty for zone 0
 * @param id what tells it from another connection of the same tuple
 */
record ConntrackEntry(
    AddressFamily family,
    ConntrackTuple original,
    String helper,
    Optional<ConntrackTuple> master,
    OptionalInt zone,
    int id) {

  /**
   * Reads one message of a dump; empty without helper.
   *
   * @throws MalformedNetlinkException when it is not a connection
   */
  static Optional<ConntrackEntry> read(NetlinkMessage message) {
    NetlinkAttributes attributes = message.attributes();
    Optional<NetlinkAttribute> help = attributes.find(Ctnetlink.HELP);
    return help.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ConntrackEntry(
                family(message),
                ConntrackTuple.read(attributes.get(Ctnetlink.ORIGINAL)),
                help.get().nest().get(Ctnetlink.HELPER_NAME).string(),
                attributes.find(Ctnetlink.MASTER).map(ConntrackTuple::read),
                zone(attributes, Ctnetlink.ZONE),
                attributes.get(Ctnetlink.ID).integer()));
  }

  /** The family of the message's header, which is never "any" in an answer. */
  static AddressFamily family(NetlinkMessage message) {
    return Arrays.stream(AddressFamily.values())
        .filter(family -> family.number() == message.family())
        .findFirst()
        .orElseThrow(() -> new MalformedNetlinkException("family " + message.family()));
  }

  static OptionalInt zone(NetlinkAttributes attributes, int type) {
    Optional<NetlinkAttribute> zone = attributes.find(type);
    return zone.isEmpty() ? OptionalInt.empty() : OptionalInt.of(zone.get().shortInteger());
  }
}
