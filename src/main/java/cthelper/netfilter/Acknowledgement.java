package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The kernel's yes or no to one request, with what extended acknowledgements add.
 *
 * <p>Example: {@code fe ff ff ff | header | 08 00 02 00 84 00 00 00} is ENOENT because of what is
 * at offset 132 of the request. Source: {@code netlink(7)}, {@code struct nlmsgerr}.
 *
 * @param error empty when the request was accepted
 * @param offset where in the request the culprit attribute begins, if the kernel tells
 * @param text the kernel's own words, often empty
 */
record Acknowledgement(Optional<Errno> error, OptionalInt offset, String text) {

  private static final int FLAG_CAPPED = 0x100;
  private static final int FLAG_ATTRIBUTES = 0x200;
  private static final int ERROR_BYTES = 4;
  private static final int TEXT = 1;
  private static final int OFFSET = 2;

  boolean isYes() {
    return error.isEmpty();
  }

  /** Reads the error message between these offsets of a datagram. */
  static Acknowledgement read(byte[] bytes, int from, int to) {
    ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int errorAt = from + NetlinkMessage.HEADER_BYTES;
    int requestAt = errorAt + ERROR_BYTES;
    if (to - requestAt < NetlinkMessage.HEADER_BYTES) {
      throw new MalformedNetlinkException("an acknowledgement without the request's header");
    }
    int error = datagram.getInt(errorAt);
    if (error > 0) {
      throw new MalformedNetlinkException("an acknowledgement with error " + error);
    }
    Optional<Errno> errno = error == 0 ? Optional.empty() : Optional.of(new Errno(-error));
    int flags = Short.toUnsignedInt(datagram.getShort(from + 6));
    if ((flags & FLAG_ATTRIBUTES) == 0) {
      return new Acknowledgement(errno, OptionalInt.empty(), "");
    }
    int requestBytes =
        (flags & FLAG_CAPPED) != 0 ? NetlinkMessage.HEADER_BYTES : datagram.getInt(requestAt);
    if (requestBytes < NetlinkMessage.HEADER_BYTES || requestBytes > to - requestAt) {
      throw new MalformedNetlinkException("an acknowledgement of " + requestBytes + " bytes");
    }
    int attributesAt = Math.min(to, requestAt + NetlinkWriter.padded(requestBytes));
    return extended(errno, NetlinkAttributes.read(bytes, attributesAt, to));
  }

  private static Acknowledgement extended(Optional<Errno> errno, NetlinkAttributes attributes) {
    Optional<NetlinkAttribute> offset = attributes.find(OFFSET);
    return new Acknowledgement(
        errno,
        offset.isPresent() ? OptionalInt.of(offset.get().hostInteger()) : OptionalInt.empty(),
        attributes.find(TEXT).map(NetlinkAttribute::string).orElse(""));
  }
}
