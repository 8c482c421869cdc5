package cthelper.netfilter;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;

/**
 * Native memory one system call needs at a time: where errno is captured, and a buffer of one
 * constant size. Used by one thread at a time and then used again; see {@link LinuxSystemCalls}.
 */
final class CallFrame {

  /** The size of every receive: the largest datagram in which the kernel answers a dump. */
  static final int BUFFER_BYTES = 32 * 1024;

  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET = CAPTURED.byteOffset(PathElement.groupElement("errno"));
  private static final int ADDRESS_BYTES = 16;
  private static final int ADDRESS_PORT_ID = 4;

  private final MemorySegment captured;
  private final MemorySegment buffer;
  private final MemorySegment address;
  private final MemorySegment addressLength;
  private final MessageHeader messageHeader;

  /** A frame whose memory is freed when it becomes unreachable. */
  CallFrame() {
    Arena arena = Arena.ofAuto();
    captured = arena.allocate(CAPTURED);
    buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
    address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
    addressLength = arena.allocate(JAVA_INT);
    messageHeader = new MessageHeader(arena, buffer, address);
  }

  /** First argument of every call: where the linker keeps errno. */
  MemorySegment captured() {
    return captured;
  }

  Errno errno() {
    return new Errno(captured.get(JAVA_INT, ERRNO_OFFSET));
  }

  MemorySegment buffer() {
    return buffer;
  }

  /** A socket address that the kernel fills in. */
  MemorySegment address() {
    return address;
  }

  /** How long {@link #address} may be; the kernel writes back how long it is. */
  MemorySegment addressLength() {
    addressLength.set(JAVA_INT, 0, ADDRESS_BYTES);
    return addressLength;
  }

  /** The port id of the netlink address that the kernel filled in; 0 is the kernel itself. */
  int portId() {
    return address.get(JAVA_INT, ADDRESS_PORT_ID);
  }

  /** Leads to {@link #buffer} and {@link #address}. */
  MessageHeader messageHeader() {
    return messageHeader;
  }

  /** The text as a C string. */
  MemorySegment text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= BUFFER_BYTES) {
      throw new IllegalArgumentException("no path is as long as " + bytes.length + " bytes");
    }
    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
    buffer.set(JAVA_BYTE, bytes.length, (byte) 0);
    return buffer;
  }

  /** The first bytes of the buffer. */
  byte[] copy(long length) {
    return buffer.asSlice(0, length).toArray(JAVA_BYTE);
  }
}
