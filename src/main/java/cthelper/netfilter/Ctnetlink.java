package cthelper.netfilter;

/**
 * The numbers of connection tracking over netlink that this package needs. Source: {@code
 * linux/netfilter/nfnetlink_conntrack.h} and {@code nf_conntrack_common.h}.
 */
final class Ctnetlink {

  static final int CONNECTIONS = 1;
  static final int EXPECTATIONS = 2;
  static final int ANY_FAMILY = 0;

  // Messages: the low byte of the type. The first three are the same for both subsystems.
  static final int NEW = 0x00;
  static final int GET = 0x01;
  static final int DELETE = 0x02;
  static final int GET_STATISTICS = 0x05;

  static final int ORIGINAL = 1;
  static final int STATUS = 3;
  static final int HELP = 5;
  static final int ID = 12;
  static final int MASTER = 14;
  static final int ZONE = 18;
  static final int STATUS_MASK = 26;

  /** Says that a helper was assigned by a rule; those of expected connections come without it. */
  static final int STATUS_HELPER = 0x2000;

  static final int HELPER_NAME = 1;

  static final int TUPLE_ADDRESSES = 1;
  static final int TUPLE_PROTOCOL = 2;
  static final int PROTOCOL_NUMBER = 1;
  static final int DESTINATION_PORT = 3;

  static final int STATISTICS_ENTRIES = 1;

  static final int EXPECTATION_MASTER = 1;
  static final int EXPECTATION_TUPLE = 2;
  static final int EXPECTATION_ID = 5;
  static final int EXPECTATION_HELPER = 6;
  static final int EXPECTATION_ZONE = 7;

  private Ctnetlink() {}

  static int type(int subsystem, int message) {
    return subsystem << Byte.SIZE | message;
  }
}
