package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * The one rule of our chain: {@code ct state new ct helper set meta l4proto . th dport
 * map @assign}.
 *
 * <p>As the kernel's virtual machine has it: load the conntrack state, mask it with NEW, go on if
 * that is not zero; load the protocol and behind it the destination port; let the map's element of
 * that key set its helper. Immutable. Source: {@code nft --debug=netlink}, {@code
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

  private final String map;
  private final NetlinkAttributes written;

  /**
   * @param map the named map of ports to helpers it looks up in
   */
  HelperRule(String map) {
    this.map = map;
    NetlinkWriter writer = new NetlinkWriter();
    write(writer);
    this.written = NetlinkAttributes.read(writer.toBytes());
  }

  /** Writes the rule's expressions. */
  void write(NetlinkWriter expressions) {
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
  }

  /** Whether the expressions that the kernel shows mean this rule. */
  boolean isShownAs(NetlinkAttributes expressions) {
    return written.areShownAs(expressions);
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
