package cthelper.netfilter;

import cthelper.model.AddressFamily;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A connection that connection tracking awaits because another one announced it.
 *
 * @param awaited the tuple of its first packet, as far as it is known
 * @param master the original tuple of the one that announced it
 * @param helper the kernel's name of the master's helper; empty when the master has lost it
 * @param zone empty for zone 0
 * @param id what tells it from another expectation of the same tuple
 */
record ConntrackExpectation(
    AddressFamily family,
    ConntrackTuple awaited,
    ConntrackTuple master,
    Optional<String> helper,
    OptionalInt zone,
    int id) {

  /**
   * Reads one message of a dump.
   *
   * @throws MalformedNetlinkException when it is not an expectation
   */
  static ConntrackExpectation read(NetlinkMessage message) {
    NetlinkAttributes attributes = message.attributes();
    return new ConntrackExpectation(
        ConntrackEntry.family(message),
        ConntrackTuple.read(attributes.get(Ctnetlink.EXPECTATION_TUPLE)),
        ConntrackTuple.read(attributes.get(Ctnetlink.EXPECTATION_MASTER)),
        attributes.find(Ctnetlink.EXPECTATION_HELPER).map(NetlinkAttribute::string),
        ConntrackEntry.zone(attributes, Ctnetlink.EXPECTATION_ZONE),
        attributes.get(Ctnetlink.EXPECTATION_ID).integer());
  }
}
