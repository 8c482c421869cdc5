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

  private static final int CT_REGISTER = 1;
  private static final int CT_KEY = 2;
  private static final int BITWISE_FROM = 1;
  private static final int BITWISE_TO = 2;
  private static final int BITWISE_LENGTH = 3;
  private static final int BITWISE_MASK = 4;
  private static final int BITWISE_XOR = 5;
  private static final int COMPARE_REGISTER = 1;
  private static final int COMPARE_OPERATOR = 2;
  private static final int COMPARE_VALUE = 3;
  private static final int META_REGISTER = 1;
  private static final int META_KEY = 2;
  private static final int PAYLOAD_REGISTER = 1;
  private static final int PAYLOAD_HEADER = 2;
  private static final int PAYLOAD_OFFSET = 3;
  private static final int PAYLOAD_LENGTH = 4;
  private static final int OBJECT_REGISTER = 3;
  private static final int OBJECT_MAP = 4;

  private static final int REGISTER = 1;

  /** The second four bytes of the register, where the key's second part belongs. */
  private static final int SECOND_WORD = 9;

  private static final int STATE = 0;
  private static final int STATE_NEW = 8;
  private static final int NOT_EQUAL = 1;
  private static final int PROTOCOL = 16;
  private static final int TRANSPORT = 2;
  private static final int DESTINATION_PORT = 2;

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
    expression(expressions, "ct", HelperRule::loadState);
    expression(expressions, "bitwise", HelperRule::keepStateNew);
    expression(expressions, "cmp", HelperRule::goOnIfNotZero);
    expression(expressions, "meta", HelperRule::loadProtocol);
    expression(expressions, "payload", HelperRule::loadDestinationPort);
    expression(
        expressions,
        "objref",
        data -> data.integer(OBJECT_REGISTER, REGISTER).string(OBJECT_MAP, map));
  }

  /** Whether the expressions that the kernel shows mean this rule. */
  boolean isShownAs(NetlinkAttributes expressions) {
    return written.areShownAs(expressions);
  }

  private static void loadState(NetlinkWriter data) {
    data.integer(CT_KEY, STATE).integer(CT_REGISTER, REGISTER);
  }

  private static void keepStateNew(NetlinkWriter data) {
    data.integer(BITWISE_FROM, REGISTER)
        .integer(BITWISE_TO, REGISTER)
        .integer(BITWISE_LENGTH, Integer.BYTES)
        .nest(BITWISE_MASK, mask -> mask.bytes(Nft.DATA_VALUE, host(STATE_NEW)))
        .nest(BITWISE_XOR, xor -> xor.bytes(Nft.DATA_VALUE, host(0)));
  }

  private static void goOnIfNotZero(NetlinkWriter data) {
    data.integer(COMPARE_REGISTER, REGISTER)
        .integer(COMPARE_OPERATOR, NOT_EQUAL)
        .nest(COMPARE_VALUE, zero -> zero.bytes(Nft.DATA_VALUE, host(0)));
  }

  private static void loadProtocol(NetlinkWriter data) {
    data.integer(META_KEY, PROTOCOL).integer(META_REGISTER, REGISTER);
  }

  private static void loadDestinationPort(NetlinkWriter data) {
    data.integer(PAYLOAD_REGISTER, SECOND_WORD)
        .integer(PAYLOAD_HEADER, TRANSPORT)
        .integer(PAYLOAD_OFFSET, DESTINATION_PORT)
        .integer(PAYLOAD_LENGTH, Short.BYTES);
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
