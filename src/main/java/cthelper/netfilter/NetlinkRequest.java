package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;

/**
 * One message to netfilter, complete but for its number. Immutable.
 *
 * <p>Layout: {@code nlmsghdr} (length, type, flags, sequence, port id 0), {@code nfgenmsg} (family,
 * version 0, res_id), attributes. Source: {@code netlink(7)}, {@code linux/netfilter/nfnetlink.h}.
 */
final class NetlinkRequest {

  static final int FLAG_REQUEST = 1;
  static final int FLAG_ACKNOWLEDGE = 4;
  static final int FLAG_DUMP = 0x300;
  static final int FLAG_EXCLUSIVE = 0x200;
  static final int FLAG_CREATE = 0x400;
  static final int FLAG_APPEND = 0x800;

  /** Where the attributes of every request begin. */
  static final int ATTRIBUTES_OFFSET =
      NetlinkMessage.HEADER_BYTES + NetlinkMessage.NETFILTER_HEADER_BYTES;

  private final int type;
  private final int flags;
  private final int family;
  private final int resource;
  private final byte[] attributes;

  private NetlinkRequest(int type, int flags, int family, int resource, byte[] attributes) {
    this.type = type;
    this.flags = flags;
    this.family = family;
    this.resource = resource;
    this.attributes = attributes;
  }

  /**
   * @param type subsystem in the high byte, message in the low one
   * @param flags besides REQUEST
   * @param family an NFPROTO number; 0 for any
   * @param resource res_id: 0, or the subsystem a batch is for
   */
  static NetlinkRequest of(
      int type, int flags, int family, int resource, Consumer<NetlinkWriter> content) {
    NetlinkWriter writer = new NetlinkWriter();
    content.accept(writer);
    return new NetlinkRequest(type, FLAG_REQUEST | flags, family, resource, writer.toBytes());
  }

  /** The same request, which the kernel is to answer even when all is well. */
  NetlinkRequest acknowledged() {
    return new NetlinkRequest(type, flags | FLAG_ACKNOWLEDGE, family, resource, attributes);
  }

  /** The same request for something new, refused with EEXIST when it is there already. */
  NetlinkRequest exclusive() {
    return new NetlinkRequest(type, flags | FLAG_EXCLUSIVE, family, resource, attributes);
  }

  /** Its attributes, with offsets as the kernel counts them: from the start of the message. */
  NetlinkAttributes attributes() {
    return NetlinkAttributes.read(toBytes(0), ATTRIBUTES_OFFSET, length());
  }

  byte[] toBytes(int sequence) {
    return toBytes(List.of(this), sequence);
  }

  /** The requests back to back, numbered upwards from {@code firstSequence}. */
  static byte[] toBytes(List<NetlinkRequest> requests, int firstSequence) {
    int length = 0;
    for (NetlinkRequest request : requests) {
      length += request.length();
    }
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    int sequence = firstSequence;
    for (NetlinkRequest request : requests) {
      request.write(buffer, sequence++);
    }
    return buffer.array();
  }

  private int length() {
    return ATTRIBUTES_OFFSET + attributes.length;
  }

  private void write(ByteBuffer buffer, int sequence) {
    buffer.putInt(length()).putShort((short) type).putShort((short) flags);
    buffer.putInt(sequence).putInt(0);
    buffer.put((byte) family).put((byte) 0).put((byte) (resource >> 8)).put((byte) resource);
    buffer.put(attributes);
  }
}
