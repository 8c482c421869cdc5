package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One attribute of a netlink message: a view of the message's bytes, which nobody changes.
 *
 * <p>Every reading method throws {@link MalformedNetlinkException} when the value has another size.
 */
final class NetlinkAttribute {

  private static final int TYPE_MASK = 0x3fff;

  private final byte[] bytes;
  private final int flaggedType;
  private final int from;
  private final int to;

  /**
   * @param flaggedType type and the flags above it
   * @param from where its header begins
   * @param to where its value ends, without padding
   */
  NetlinkAttribute(byte[] bytes, int flaggedType, int from, int to) {
    this.bytes = bytes;
    this.flaggedType = flaggedType;
    this.from = from;
    this.to = to;
  }

  int type() {
    return flaggedType & TYPE_MASK;
  }

  /** Whether the writer flagged it as a nest; the kernel often leaves the flag away. */
  boolean isFlaggedAsNest() {
    return (flaggedType & NetlinkWriter.NESTED) != 0;
  }

  /** Whether this offset of the bytes it was read from lies in it, header included. */
  boolean contains(int offset) {
    return from <= offset && offset < to;
  }

  int octet() {
    return Byte.toUnsignedInt(value(Byte.BYTES).get());
  }

  int shortInteger() {
    return Short.toUnsignedInt(value(Short.BYTES).getShort());
  }

  int integer() {
    return value(Integer.BYTES).getInt();
  }

  int hostInteger() {
    return value(Integer.BYTES).order(ByteOrder.nativeOrder()).getInt();
  }

  /** The text before the NUL. */
  String string() {
    int end = valueStart();
    while (end < to && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, valueStart(), end - valueStart(), StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return Arrays.copyOfRange(bytes, valueStart(), to);
  }

  NetlinkAttributes nest() {
    return NetlinkAttributes.read(bytes, valueStart(), to);
  }

  /** See {@link NetlinkAttributes#areShownAs}; this one was written by us, so nests are flagged. */
  boolean isShownAs(NetlinkAttribute shown) {
    return isFlaggedAsNest()
        ? nest().areShownAs(shown.nest())
        : Arrays.equals(bytes, valueStart(), to, shown.bytes, shown.valueStart(), shown.to);
  }

  boolean isZero() {
    for (int i = valueStart(); i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private ByteBuffer value(int size) {
    if (to - valueStart() != size) {
      throw new MalformedNetlinkException(
          "attribute %d has %d bytes, not %d".formatted(type(), to - valueStart(), size));
    }
    return ByteBuffer.wrap(bytes, valueStart(), size);
  }

  private int valueStart() {
    return from + NetlinkWriter.ATTRIBUTE_HEADER_BYTES;
  }
}
