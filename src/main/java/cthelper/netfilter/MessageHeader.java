package cthelper.netfilter;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * {@code struct msghdr}: tells {@code recvmsg(2)} where a datagram, its sender and what the kernel
 * adds to it may be put. Used by one thread at a time and then used again.
 *
 * <p>Layout on x86-64 and aarch64: name 0, name length 8, iovec 16, iovecs 24, control 32, control
 * length 40, flags 48. A control message: length 0 (8 octets), level 8, type 12, data 16.
 */
final class MessageHeader {

  private static final int BYTES = 56;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int PARTS = 16;
  private static final int PART_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int PART_BYTES = 16;
  private static final int CONTROL_BYTES = 64;
  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_DATA = 16;

  private final MemorySegment header;
  private final MemorySegment control;
  private final int addressBytes;

  /** A header for datagrams that are put into this buffer, and their senders into this address. */
  MessageHeader(Arena arena, MemorySegment buffer, MemorySegment address) {
    header = arena.allocate(BYTES, Long.BYTES);
    control = arena.allocate(CONTROL_BYTES, Long.BYTES);
    addressBytes = (int) address.byteSize();
    MemorySegment part = arena.allocate(PART_BYTES, Long.BYTES);
    part.set(ADDRESS, 0, buffer);
    part.set(JAVA_LONG, Long.BYTES, buffer.byteSize());
    header.set(ADDRESS, NAME, address);
    header.set(ADDRESS, PARTS, part);
    header.set(JAVA_LONG, PART_COUNT, 1);
    header.set(ADDRESS, CONTROL, control);
  }

  /** The header for the next call: the kernel writes lengths back. */
  MemorySegment ready() {
    header.set(JAVA_INT, NAME_LENGTH, addressBytes);
    header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_BYTES);
    header.set(JAVA_INT, FLAGS, 0);
    return header;
  }

  /** Whether the last datagram, or what belongs to it, did not fit. */
  boolean isTruncated() {
    return (header.get(JAVA_INT, FLAGS) & (Linux.MSG_TRUNC | Linux.MSG_CTRUNC)) != 0;
  }

  /**
   * The number of the namespace the last datagram is about, as the receiver's namespace counts;
   * empty for the receiver's own, and where NETLINK_LISTEN_ALL_NSID is not set.
   */
  OptionalInt namespace() {
    if (header.get(JAVA_LONG, CONTROL_LENGTH) >= CONTROL_DATA + Integer.BYTES
        && control.get(JAVA_INT, CONTROL_LEVEL) == Linux.SOL_NETLINK
        && control.get(JAVA_INT, CONTROL_TYPE) == Linux.NETLINK_LISTEN_ALL_NSID) {
      return OptionalInt.of(control.get(JAVA_INT, CONTROL_DATA));
    }
    return OptionalInt.empty();
  }
}
