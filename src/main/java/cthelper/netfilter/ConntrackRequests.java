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
    return request(Conntrack.CONNECTIONS, Conntrack.GET_STATISTICS, 0, nothing -> {});
  }

  /** Dump: every connection. */
  static NetlinkRequest connections() {
    return request(Conntrack.CONNECTIONS, Conntrack.GET, FLAG_DUMP, nothing -> {});
  }

  /**
   * Dump: the connections that a rule gave a helper, if they still have it or not. Kernels before
   * 5.17 send every connection.
   */
  static NetlinkRequest connectionsAssignedAHelper() {
    return request(
        Conntrack.CONNECTIONS,
        Conntrack.GET,
        FLAG_DUMP,
        filter ->
            filter
                .integer(Conntrack.STATUS, Conntrack.STATUS_HELPER)
                .integer(Conntrack.STATUS_MASK, Conntrack.STATUS_HELPER));
  }

  /** Dump: every expectation. */
  static NetlinkRequest expectations() {
    return request(Conntrack.EXPECTATIONS, Conntrack.GET, FLAG_DUMP, nothing -> {});
  }

  /**
   * Takes the helper off, and the expectations with it; the connection goes on. Refused with EBUSY
   * where the connection was itself expected.
   */
  static NetlinkRequest detach(ConntrackEntry connection) {
    return order(
        Conntrack.CONNECTIONS,
        Conntrack.NEW,
        connection.family(),
        attributes -> {
          connection.original().write(attributes, Conntrack.ORIGINAL);
          attributes
              .nest(Conntrack.HELP, help -> help.string(Conntrack.HELPER_NAME, ""))
              .integer(Conntrack.ID, connection.id());
          zone(attributes, Conntrack.ZONE, connection.zone());
        });
  }

  /** Makes connection tracking forget the connection, and its expectations with it. */
  static NetlinkRequest delete(ConntrackEntry connection) {
    return order(
        Conntrack.CONNECTIONS,
        Conntrack.DELETE,
        connection.family(),
        attributes -> {
          connection.original().write(attributes, Conntrack.ORIGINAL);
          attributes.integer(Conntrack.ID, connection.id());
          zone(attributes, Conntrack.ZONE, connection.zone());
        });
  }

  static NetlinkRequest delete(ConntrackExpectation expectation) {
    return order(
        Conntrack.EXPECTATIONS,
        Conntrack.DELETE,
        expectation.family(),
        attributes -> {
          expectation.awaited().write(attributes, Conntrack.EXPECTATION_TUPLE);
          attributes.integer(Conntrack.EXPECTATION_ID, expectation.id());
          zone(attributes, Conntrack.EXPECTATION_ZONE, expectation.zone());
        });
  }

  private static void zone(NetlinkWriter attributes, int type, OptionalInt zone) {
    zone.ifPresent(number -> attributes.shortInteger(type, number));
  }

  private static NetlinkRequest request(
      int subsystem, int message, int flags, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(
        Conntrack.type(subsystem, message), flags, Conntrack.ANY_FAMILY, 0, content);
  }

  /** Unlike questions, orders want the real family. */
  private static NetlinkRequest order(
      int subsystem, int message, AddressFamily family, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(Conntrack.type(subsystem, message), 0, family.number(), 0, content);
  }
}
