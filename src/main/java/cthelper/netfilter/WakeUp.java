package cthelper.netfilter;

import cthelper.netfilter.SystemCalls.Awaited;

/** An eventfd with which other threads end a poll. Thread-safe. */
final class WakeUp implements AutoCloseable {

  private final SystemCalls calls;
  private final int descriptor;
  private boolean closed;

  WakeUp(SystemCalls calls) {
    this.calls = calls;
    this.descriptor = calls.eventfd(Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
  }

  Awaited awaited() {
    return new Awaited(descriptor, Linux.POLLIN);
  }

  /**
   * The poll that runs, or else the next one, ends at once. Nothing happens after {@link #close}.
   */
  synchronized void signal() {
    if (!closed) {
      calls.signal(descriptor);
    }
  }

  /** The signals so far were noticed. */
  synchronized void clear() {
    if (!closed) {
      var _ = calls.read(descriptor);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    calls.close(descriptor);
  }
}
