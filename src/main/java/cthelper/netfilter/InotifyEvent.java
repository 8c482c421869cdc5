package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What inotify saw. Layout: watch, mask, cookie, length (each 4 octets, host order), then a name
 * filled up with NULs. Source: {@code inotify(7)}.
 *
 * @param watch -1 when events were lost
 * @param name of the entry concerned; empty for the watched directory itself, and for a name that
 *     is not UTF-8 and so can be nobody's we look for
 */
record InotifyEvent(int watch, int mask, Optional<String> name) {

  private static final int HEADER_BYTES = 16;
  private static final int MASK_OFFSET = 4;
  private static final int LENGTH_OFFSET = 12;
  private static final InotifyEvent OTHERS_LOST =
      new InotifyEvent(-1, Linux.IN_Q_OVERFLOW, Optional.empty());

  /** The events of one read, in order; the last one says that others were lost if it is cut off. */
  static List<InotifyEvent> readAll(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<InotifyEvent> events = new ArrayList<>();
    while (buffer.hasRemaining()) {
      boolean hasHeader = buffer.remaining() >= HEADER_BYTES;
      int length = hasHeader ? buffer.getInt(buffer.position() + LENGTH_OFFSET) : 0;
      if (!hasHeader || length < 0 || length > buffer.remaining() - HEADER_BYTES) {
        events.add(OTHERS_LOST);
        break;
      }
      int at = buffer.position();
      events.add(
          new InotifyEvent(
              buffer.getInt(at),
              buffer.getInt(at + MASK_OFFSET),
              name(bytes, at + HEADER_BYTES, length)));
      buffer.position(at + HEADER_BYTES + length);
    }
    return events;
  }

  boolean is(int anyOf) {
    return (mask & anyOf) != 0;
  }

  private static Optional<String> name(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    if (end == from) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, end - from))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
