package cthelper.netfilter;

import cthelper.netfilter.SystemCalls.Awaited;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A second socket in each namespace, which hears its events: for a process that may not listen to
 * all of them with one. Costs a descriptor for each and 0.1 ms more per event with 1,000 of them.
 */
final class SocketPerNamespace implements EventSource {

  /** Enough for 10,000 elements. Only a limit, no memory. */
  private static final int RECEIVE_LIMIT_BYTES = 1024 * 1024;

  private final SystemCalls calls;
  private final Runnable awaitedChanged;
  private final Map<Long, Listening> byCookie = new HashMap<>();
  private final Map<Integer, Listening> byDescriptor = new HashMap<>();
  private @Nullable List<Awaited> awaited;
  private int next = 1;

  /** A socket, and how many others of the same namespace it serves. */
  private static final class Listening {
    private final long cookie;
    private final int descriptor;
    private final OptionalInt number;
    private int uses;

    Listening(long cookie, int descriptor, int number) {
      this.cookie = cookie;
      this.descriptor = descriptor;
      this.number = OptionalInt.of(number);
    }
  }

  /**
   * @param awaitedChanged to be told when there is more or less to wait for
   */
  SocketPerNamespace(SystemCalls calls, Runnable awaitedChanged) {
    this.calls = calls;
    this.awaitedChanged = awaitedChanged;
  }

  @Override
  public synchronized WatchedNamespace watch(int namespace, long cookie) {
    Listening known = byCookie.get(cookie);
    Listening listening = known == null ? listen(cookie) : known;
    listening.uses++;
    return new WatchedNamespace(listening.number, () -> end(listening));
  }

  private Listening listen(long cookie) {
    int socket = EventSocket.open(calls, RECEIVE_LIMIT_BYTES);
    Listening listening = new Listening(cookie, socket, next++);
    byCookie.put(cookie, listening);
    byDescriptor.put(socket, listening);
    change();
    return listening;
  }

  @Override
  public synchronized List<Awaited> awaited() {
    if (awaited == null) {
      awaited =
          byDescriptor.keySet().stream()
              .map(descriptor -> new Awaited(descriptor, Linux.POLLIN))
              .toList();
    }
    return awaited;
  }

  @Override
  public synchronized Optional<Datagram> receive(int descriptor) {
    Listening listening = byDescriptor.get(descriptor);
    return listening == null
        ? Optional.empty()
        : calls
            .receiveFromKernel(descriptor)
            .map(datagram -> new Datagram(listening.number, datagram.bytes()));
  }

  private void end(Listening listening) {
    if (isNoMoreUsed(listening)) {
      calls.close(listening.descriptor); // may wait for milliseconds, and nobody else shall
    }
  }

  private synchronized boolean isNoMoreUsed(Listening listening) {
    listening.uses--;
    if (listening.uses > 0 || !byCookie.remove(listening.cookie, listening)) {
      return false;
    }
    byDescriptor.remove(listening.descriptor);
    change();
    return true;
  }

  private void change() {
    awaited = null;
    awaitedChanged.run();
  }

  @Override
  public synchronized void close() {
    byDescriptor.keySet().forEach(calls::close);
    byDescriptor.clear();
    byCookie.clear();
    change();
  }
}
