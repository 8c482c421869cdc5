package cthelper.netfilter;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import cthelper.netfilter.SystemCalls.Awaited;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The array of {@code struct pollfd} that {@code poll(2)} reads and writes: descriptor 0, events 4,
 * what happened 6.
 *
 * @param memory of {@link #bytes} at least
 */
record PollDescriptors(List<Awaited> awaited, MemorySegment memory) {

  private static final int ENTRY_BYTES = 8;
  private static final int EVENTS = 4;
  private static final int HAPPENED = 6;

  static long bytes(List<Awaited> awaited) {
    return entry(awaited.size());
  }

  /** The memory with everything that is awaited, and nothing that happened. */
  MemorySegment ready() {
    for (int i = 0; i < awaited.size(); i++) {
      memory.set(JAVA_INT, entry(i), awaited.get(i).descriptor());
      memory.set(JAVA_SHORT, entry(i) + EVENTS, awaited.get(i).events());
      memory.set(JAVA_SHORT, entry(i) + HAPPENED, (short) 0);
    }
    return memory;
  }

  /** The descriptors at which something happened. */
  Set<Integer> happened() {
    Set<Integer> happened = new HashSet<>();
    for (int i = 0; i < awaited.size(); i++) {
      if (memory.get(JAVA_SHORT, entry(i) + HAPPENED) != 0) {
        happened.add(awaited.get(i).descriptor());
      }
    }
    return happened;
  }

  private static long entry(int index) {
    return (long) index * ENTRY_BYTES;
  }
}
