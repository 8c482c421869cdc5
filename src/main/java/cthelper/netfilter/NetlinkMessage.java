package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink message as the kernel sent it: header and a view of the rest. Immutable.
 *
 * <p>Example, an acknowledgement of request 7: {@code 24 00 00 00 02 00 00 01 07 00 00 00 <port id>
 * | 00 00 00 00 | header of the request}. Source: {@code netlink(7)}.
 */
final class NetlinkMessage {

  static final int HEADER_BYTES = 16;
  static final int NETFILTER_HEADER_BYTES = 4;
  static final int TYPE_ERROR = 2;
  static final int TYPE_DONE = 3;
  private static final int FLAG_DUMP_INTERRUPTED = 0x10;

  private final byte[] bytes;
  private final ByteBuffer datagram;
  private final int from;
  private final int to;

  private NetlinkMessage(byte[] bytes, ByteBuffer datagram, int from, int to) {
    this.bytes = bytes;
    this.datagram = datagram;
    this.from = from;
    this.to = to;
  }

  /**
   * Every message of a datagram, in order.
   *
   * @throws MalformedNetlinkException when a length lies, or an acknowledgement makes no sense
   */
  static List<NetlinkMessage> readAll(byte[] bytes) {
    ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<NetlinkMessage> messages = new ArrayList<>();
    int at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      int length = datagram.getInt(at);
      if (length < HEADER_BYTES || length > bytes.length - at) {
        throw new MalformedNetlinkException(
            "message at offset %d claims %d of %d bytes".formatted(at, length, bytes.length - at));
      }
      NetlinkMessage message = new NetlinkMessage(bytes, datagram, at, at + length);
      if (message.isAcknowledgement()) {
        message.acknowledgement(); // a malformed one is met here and never later
      }
      messages.add(message);
      at += NetlinkWriter.padded(length);
    }
    if (at < bytes.length) {
      throw new MalformedNetlinkException(
          "%d bytes after the last message".formatted(bytes.length - at));
    }
    return messages;
  }

  int type() {
    return Short.toUnsignedInt(datagram.getShort(from + 4));
  }

  int flags() {
    return Short.toUnsignedInt(datagram.getShort(from + 6));
  }

  /** The number of the request it answers. */
  int sequence() {
    return datagram.getInt(from + 8);
  }

  /** Of an event: the socket whose request caused it; 0 when none did. */
  int portId() {
    return datagram.getInt(from + 12);
  }

  boolean isAcknowledgement() {
    return type() == TYPE_ERROR;
  }

  /** Whether this is the end of a dump. */
  boolean isDone() {
    return type() == TYPE_DONE;
  }

  /** Whether this is neither an acknowledgement nor the end of a dump. */
  boolean isData() {
    return !isAcknowledgement() && !isDone();
  }

  /** Whether the ruleset changed while this dump ran, as far as the kernel noticed. */
  boolean isInterrupted() {
    return (flags() & FLAG_DUMP_INTERRUPTED) != 0;
  }

  /** The NFPROTO number of what it is about. */
  int family() {
    requireNetfilterHeader();
    return Byte.toUnsignedInt(datagram.get(from + HEADER_BYTES));
  }

  /** The low 16 bits of the ruleset's generation: res_id, the one big-endian field of headers. */
  int generation() {
    requireNetfilterHeader();
    int high = Byte.toUnsignedInt(datagram.get(from + HEADER_BYTES + 2));
    int low = Byte.toUnsignedInt(datagram.get(from + HEADER_BYTES + 3));
    return high << Byte.SIZE | low;
  }

  /** What follows the netfilter header. */
  NetlinkAttributes attributes() {
    requireNetfilterHeader();
    return NetlinkAttributes.read(bytes, from + HEADER_BYTES + NETFILTER_HEADER_BYTES, to);
  }

  /** What an error message says; error 0 is a yes. */
  Acknowledgement acknowledgement() {
    return Acknowledgement.read(bytes, from, to);
  }

  private void requireNetfilterHeader() {
    if (to - from < HEADER_BYTES + NETFILTER_HEADER_BYTES) {
      throw new MalformedNetlinkException("no netfilter header in a message of type " + type());
    }
  }
}
