package cthelper.netfilter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes netlink attributes into memory: header of length and type, value, zeros up to four bytes.
 *
 * <p>Example: {@code integer(2, 6)} is {@code 08 00 02 00 00 00 00 06}. Headers are in host order,
 * integers big-endian as nftables and conntrack want them; {@link #bytes} takes values that have an
 * order of their own. Used by one thread. Source: {@code netlink(7)}.
 */
final class NetlinkWriter {

  /** Marks an attribute whose value is attributes. */
  static final int NESTED = 0x8000;

  static final int ATTRIBUTE_HEADER_BYTES = 4;
  private static final int MAX_ATTRIBUTE_BYTES = 0xffff;
  private static final int ALIGNMENT = 4;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  /** Zero from {@code end} on, so that padding is there already. */
  private byte[] buffer = new byte[256];

  private int end;

  /** The length with the padding that follows it. */
  static int padded(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  NetlinkWriter bytes(int type, byte... value) {
    int length = ATTRIBUTE_HEADER_BYTES + value.length;
    reserve(padded(length));
    header(end, type, length);
    System.arraycopy(value, 0, buffer, end + ATTRIBUTE_HEADER_BYTES, value.length);
    end += padded(length);
    return this;
  }

  NetlinkWriter octet(int type, int value) {
    return bytes(type, (byte) value);
  }

  NetlinkWriter shortInteger(int type, int value) {
    return bytes(type, (byte) (value >> 8), (byte) value);
  }

  NetlinkWriter integer(int type, int value) {
    return bytes(
        type, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value);
  }

  NetlinkWriter hostInteger(int type, int value) {
    byte[] bytes =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
    return bytes(type, bytes);
  }

  /** The text with the NUL that the kernel wants behind it. */
  NetlinkWriter string(int type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes(type, Arrays.copyOf(bytes, bytes.length + 1));
  }

  /** An attribute that holds those written by {@code content}. */
  NetlinkWriter nest(int type, Consumer<NetlinkWriter> content) {
    int start = end;
    reserve(ATTRIBUTE_HEADER_BYTES);
    end += ATTRIBUTE_HEADER_BYTES;
    content.accept(this);
    header(start, type | NESTED, end - start);
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, end);
  }

  private void header(int at, int type, int length) {
    if (length > MAX_ATTRIBUTE_BYTES) {
      throw new IllegalArgumentException(
          "attribute %d is too long: %d bytes".formatted(type & ~NESTED, length));
    }
    SHORT.set(buffer, at, (short) length);
    SHORT.set(buffer, at + Short.BYTES, (short) type);
  }

  private void reserve(int bytes) {
    if (buffer.length - end < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, end + bytes));
    }
  }
}
