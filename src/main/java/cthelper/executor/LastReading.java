package cthelper.executor;

import cthelper.netfilter.TableReading;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our table as it was last read through a socket. The next change may be built on it without
 * reading again: the kernel refuses a change made for another generation or fence. It proves
 * nothing, so no answer is ever given from it. Thread-safe; lives and dies with the socket.
 */
final class LastReading {

  private volatile TableReading.@Nullable Ours last;

  Optional<TableReading.Ours> get() {
    return Optional.ofNullable(last);
  }

  /** Remembers the table; anything else that was read makes it be forgotten. */
  void remember(TableReading reading) {
    last = reading instanceof TableReading.Ours ours ? ours : null;
  }
}
