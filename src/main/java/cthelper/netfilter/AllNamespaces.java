package cthelper.netfilter;

import cthelper.netfilter.SystemCalls.Awaited;
import java.util.List;
import java.util.Optional;

/**
 * One socket that hears the events of all namespaces that have a number where it lives.
 *
 * <p>It lives in a namespace nobody else uses, so that the numbers are ours alone; it keeps that
 * alive. Needs CAP_NET_BROADCAST while it is opened, not afterwards ({@link ListenerSockets}).
 * Source: {@code netlink(7)}, NETLINK_LISTEN_ALL_NSID.
 */
final class AllNamespaces implements EventSource {

  /** 128 changes of a whole table by nft(8) took 0.2 MB. Only a limit, no memory. */
  private static final int RECEIVE_LIMIT_BYTES = 8 * 1024 * 1024;

  private final SystemCalls calls;
  private final int socket;
  private final NamespaceNumbers numbers;
  private final List<Awaited> awaited;

  private AllNamespaces(SystemCalls calls, int socket, NamespaceNumbers numbers) {
    this.calls = calls;
    this.socket = socket;
    this.numbers = numbers;
    this.awaited = List.of(new Awaited(socket, Linux.POLLIN));
  }

  /**
   * Opens it in the namespace of the calling thread; empty without CAP_NET_BROADCAST.
   *
   * @throws SystemCallException when anything else fails; nothing stays open then
   */
  static Optional<EventSource> open(SystemCalls calls) {
    return ListenerSockets.openHere(calls).map(sockets -> of(calls, sockets));
  }

  /**
   * Goes on with sockets that are open already.
   *
   * @throws SystemCallException when they are no such sockets
   */
  static EventSource of(SystemCalls calls, ListenerSockets sockets) {
    calls.netlinkPortId(sockets.events());
    return new AllNamespaces(
        calls, sockets.events(), NamespaceNumbers.of(calls, sockets.numbers()));
  }

  /** A socket that hears the events of all namespaces; empty without CAP_NET_BROADCAST. */
  static Optional<Integer> openEvents(SystemCalls calls) {
    int socket = EventSocket.open(calls, RECEIVE_LIMIT_BYTES);
    try {
      if (listensToAll(calls, socket)) {
        return Optional.of(socket);
      }
    } catch (SystemCallException e) {
      calls.close(socket);
      throw e;
    }
    calls.close(socket);
    return Optional.empty();
  }

  private static boolean listensToAll(SystemCalls calls, int socket) {
    try {
      calls.setSocketOption(socket, Linux.SOL_NETLINK, Linux.NETLINK_LISTEN_ALL_NSID, 1);
      return true;
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EPERM)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public WatchedNamespace watch(int namespace, long cookie) {
    return new WatchedNamespace(numbers.give(namespace), () -> {});
  }

  @Override
  public List<Awaited> awaited() {
    return awaited;
  }

  @Override
  public Optional<Datagram> receive(int descriptor) {
    return calls.receiveFromKernel(socket);
  }

  @Override
  public void close() {
    calls.close(socket);
    numbers.close();
  }
}
