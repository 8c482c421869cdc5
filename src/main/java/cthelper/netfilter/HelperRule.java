package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one rule of our chain: {@code ct state new ct helper set meta l4proto . th dport
 * map @assign}.
 *
 * <p>As the kernel's virtual machine has it: load the conntrack state, mask it with NEW, go on if
 * that is not zero; load the protocol and behind it the destination port; let the map's element of
 * that key set its helper. Pure. Source: {@code nft --debug=netlink}, {@code
 * linux/netfilter/nf_tables.h}.
 */
final class HelperRule {

  private static final int EXPRESSION = 1;
  private static final int EXPRESSION_NAME = 1;
  private static final int EXPRESSION_DATA = 2;

  private static final int REGISTER_1 = 1;

  /** The second four bytes of register 1, where the key's second part belongs. */
  private static final int REGISTER_1_SECOND_WORD = 9;

  private static final int CT_KEY_STATE = 0;
  private static final int CT_STATE_NEW = 8;
  private static final int NOT_EQUAL = 1;
  private static final int META_KEY_PROTOCOL = 16;
  private static final int TRANSPORT_HEADER = 2;
  private static final int DESTINATION_PORT_OFFSET = 2;
  private static final int PORT_BYTES = 2;

  private HelperRule() {}

  /** Writes the rule's expressions. */
  static Consumer<NetlinkWriter> lookingUpIn(String map) {
    return expressions -> {
      expression(expressions, "ct", data -> data.integer(2, CT_KEY_STATE).integer(1, REGISTER_1));
      expression(expressions, "bitwise", HelperRule::keepStateNew);
      expression(
          expressions,
          "cmp",
          data ->
              data.integer(1, REGISTER_1)
                  .integer(2, NOT_EQUAL)
                  .nest(3, zero -> zero.bytes(Nft.DATA_VALUE, host(0))));
      expression(
          expressions, "meta", data -> data.integer(2, META_KEY_PROTOCOL).integer(1, REGISTER_1));
      expression(expressions, "payload", HelperRule::loadDestinationPort);
      expression(expressions, "objref", data -> data.integer(3, REGISTER_1).string(4, map));
    };
  }

  /** Whether expressions that the kernel showed are these, each with its meaning unchanged. */
  static boolean isThis(NetlinkAttributes shown, String map) {
    NetlinkWriter writer = new NetlinkWriter();
    lookingUpIn(map).accept(writer);
    return agree(NetlinkAttributes.read(writer.toBytes()), shown);
  }

  /**
   * Everything written is shown, in any order, and whatever is shown besides is zero, the default
   * of attributes that newer kernels add (bitwise shows its operation).
   */
  private static boolean agree(NetlinkAttributes written, NetlinkAttributes shown) {
    return written.all().stream()
            .mapToInt(NetlinkAttribute::type)
            .distinct()
            .allMatch(type -> agree(written.all(type), shown.all(type)))
        && shown.all().stream()
            .filter(attribute -> written.find(attribute.type()).isEmpty())
            .allMatch(HelperRule::isZero);
  }

  private static boolean agree(List<NetlinkAttribute> written, List<NetlinkAttribute> shown) {
    if (written.size() != shown.size()) {
      return false;
    }
    for (int i = 0; i < written.size(); i++) {
      if (!agree(written.get(i), shown.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean agree(NetlinkAttribute written, NetlinkAttribute shown) {
    return written.isFlaggedAsNest()
        ? agree(written.nest(), shown.nest())
        : Arrays.equals(written.bytes(), shown.bytes());
  }

  private static boolean isZero(NetlinkAttribute attribute) {
    for (byte octet : attribute.bytes()) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }

  private static void keepStateNew(NetlinkWriter data) {
    data.integer(1, REGISTER_1)
        .integer(2, REGISTER_1)
        .integer(3, Integer.BYTES)
        .nest(4, mask -> mask.bytes(Nft.DATA_VALUE, host(CT_STATE_NEW)))
        .nest(5, xor -> xor.bytes(Nft.DATA_VALUE, host(0)));
  }

  private static void loadDestinationPort(NetlinkWriter data) {
    data.integer(1, REGISTER_1_SECOND_WORD)
        .integer(2, TRANSPORT_HEADER)
        .integer(3, DESTINATION_PORT_OFFSET)
        .integer(4, PORT_BYTES);
  }

  private static void expression(
      NetlinkWriter expressions, String name, Consumer<NetlinkWriter> data) {
    expressions.nest(
        EXPRESSION,
        expression -> expression.string(EXPRESSION_NAME, name).nest(EXPRESSION_DATA, data));
  }

  /** Registers hold the state's bits in host order. */
  private static byte[] host(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
  }
}
