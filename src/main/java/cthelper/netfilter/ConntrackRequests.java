package cthelper.netfilter;

import static cthelper.netfilter.NetlinkRequest.FLAG_DUMP;

import cthelper.model.AddressFamily;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What connection tracking is asked and told. All of it may be repeated: what is done already is
 * done again without harm, or answered with ENOENT.
 *
 * <p>Pure. Source: {@code linux/netfilter/nfnetlink_conntrack.h}, {@code nf_conntrack_netlink.c}.
 */
final class ConntrackRequests {

  private ConntrackRequests() {}

  /** How many connections the namespace has; answered at once, whatever their number. */
  static NetlinkRequest statistics() {
    return request(Ctnetlink.CONNECTIONS, Ctnetlink.GET_STATISTICS, 0, nothing -> {});
  }

  /** Dump: every connection. */
  static NetlinkRequest connections() {
    return request(Ctnetlink.CONNECTIONS, Ctnetlink.GET, FLAG_DUMP, nothing -> {});
  }

  /**
   * Dump: the connections that a rule gave a helper, if they still have it or not. Kernels before
   * 5.17 send every connection.
   */
  static NetlinkRequest connectionsAssignedAHelper() {
    return request(
        Ctnetlink.CONNECTIONS,
        Ctnetlink.GET,
        FLAG_DUMP,
        filter ->
            filter
                .integer(Ctnetlink.STATUS, Ctnetlink.STATUS_HELPER)
                .integer(Ctnetlink.STATUS_MASK, Ctnetlink.STATUS_HELPER));
  }

  /** Dump: every expectation. */
  static NetlinkRequest expectations() {
    return request(Ctnetlink.EXPECTATIONS, Ctnetlink.GET, FLAG_DUMP, nothing -> {});
  }

  /**
   * Takes the helper off, and the expectations with it; the connection goes on. Refused with EBUSY
   * where the connection was itself expected.
   */
  static NetlinkRequest detach(ConntrackEntry connection) {
    return order(
        Ctnetlink.CONNECTIONS,
        Ctnetlink.NEW,
        connection.family(),
        attributes -> {
          connection.original().write(attributes, Ctnetlink.ORIGINAL);
          attributes
              .nest(Ctnetlink.HELP, help -> help.string(Ctnetlink.HELPER_NAME, ""))
              .integer(Ctnetlink.ID, connection.id());
          zone(attributes, Ctnetlink.ZONE, connection.zone());
        });
  }

  /** Makes connection tracking forget the connection, and its expectations with it. */
  static NetlinkRequest delete(ConntrackEntry connection) {
    return order(
        Ctnetlink.CONNECTIONS,
        Ctnetlink.DELETE,
        connection.family(),
        attributes -> {
          connection.original().write(attributes, Ctnetlink.ORIGINAL);
          attributes.integer(Ctnetlink.ID, connection.id());
          zone(attributes, Ctnetlink.ZONE, connection.zone());
        });
  }

  static NetlinkRequest delete(ConntrackExpectation expectation) {
    return order(
        Ctnetlink.EXPECTATIONS,
        Ctnetlink.DELETE,
        expectation.family(),
        attributes -> {
          expectation.awaited().write(attributes, Ctnetlink.EXPECTATION_TUPLE);
          attributes.integer(Ctnetlink.EXPECTATION_ID, expectation.id());
          zone(attributes, Ctnetlink.EXPECTATION_ZONE, expectation.zone());
        });
  }

  private static void zone(NetlinkWriter attributes, int type, OptionalInt zone) {
    zone.ifPresent(number -> attributes.shortInteger(type, number));
  }

  private static NetlinkRequest request(
      int subsystem, int message, int flags, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(
        Ctnetlink.type(subsystem, message), flags, Ctnetlink.ANY_FAMILY, 0, content);
  }

  /** Unlike questions, orders want the real family. */
  private static NetlinkRequest order(
      int subsystem, int message, AddressFamily family, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(Ctnetlink.type(subsystem, message), 0, family.number(), 0, content);
  }
}
