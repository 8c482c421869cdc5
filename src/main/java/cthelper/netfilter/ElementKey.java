package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The key of a set element: a concatenation whose parts each fill four bytes. Immutable.
 *
 * <p>Examples: tcp . 21 is {@code 06 00 00 00 00 15 00 00}; the marks 1 . 0 . 42 are {@code 01 00
 * 00 00 00 00 00 00 2a 00 00 00} on a little-endian machine.
 */
final class ElementKey {

  static final int PORT_KEY_BYTES = 8;

  private final byte[] bytes;

  private ElementKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** {@code inet_proto . inet_service}; the port is in network order. */
  static ElementKey port(int protocol, int port) {
    byte[] bytes = new byte[PORT_KEY_BYTES];
    bytes[0] = (byte) protocol;
    bytes[4] = (byte) (port >> Byte.SIZE);
    bytes[5] = (byte) port;
    return new ElementKey(bytes);
  }

  /** {@code mark . mark …}; marks lie in host order, as in the kernel's registers. */
  static ElementKey marks(int... marks) {
    ByteBuffer buffer =
        ByteBuffer.allocate(marks.length * Integer.BYTES).order(ByteOrder.nativeOrder());
    for (int mark : marks) {
      buffer.putInt(mark);
    }
    return new ElementKey(buffer.array());
  }

  byte[] bytes() {
    return bytes.clone();
  }
}
