package cthelper.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * A netfilter socket that lives in one network namespace, whatever thread uses it.
 *
 * <p>While it is open it keeps the namespace alive, even a deleted one: close it when the name
 * vanishes. Calls exclude each other, so that a closed descriptor is never used again; who wants
 * several exchanges to belong together holds a lock of its own. Source: {@code netlink(7)}.
 */
public final class NamespaceSocket implements AutoCloseable {

  /**
   * The longest batch: all 131,070 ports of tcp and udp need some 11 MB. Only a limit, no memory.
   * Where only the machine's (net.core.wmem_max) can be had, that is by default some 5,000 helpers;
   * a longer batch is then {@link Exchange.NotSent} with EMSGSIZE.
   */
  private static final int SEND_LIMIT_BYTES = 16 * 1024 * 1024;

  private final SystemCalls calls;
  private final int descriptor;
  private final int portId;
  private final long cookie;
  private final WatchedNamespace watched;
  private int nextSequence = 1;
  private boolean closed;

  private NamespaceSocket(
      SystemCalls calls, int descriptor, int portId, long cookie, WatchedNamespace watched) {
    this.calls = calls;
    this.descriptor = descriptor;
    this.portId = portId;
    this.cookie = cookie;
    this.watched = watched;
  }

  /**
   * Opens one in the namespace of the calling thread, which is not watched.
   *
   * @throws SystemCallException when any step fails; nothing stays open then
   */
  static NamespaceSocket open(SystemCalls calls) {
    return open(calls, cookie -> WatchedNamespace.NOT_WATCHED);
  }

  /**
   * Opens one in the namespace of the calling thread.
   *
   * @param watching makes the namespace of this cookie a watched one
   * @throws SystemCallException when any step fails; nothing stays open then
   */
  static NamespaceSocket open(SystemCalls calls, LongFunction<WatchedNamespace> watching) {
    return open(calls, Linux.NETLINK_NETFILTER, watching);
  }

  /** Opens one for {@code rtnetlink(7)} instead of netfilter. */
  static NamespaceSocket openRoute(SystemCalls calls) {
    return open(calls, Linux.NETLINK_ROUTE, cookie -> WatchedNamespace.NOT_WATCHED);
  }

  private static NamespaceSocket open(
      SystemCalls calls, int protocol, LongFunction<WatchedNamespace> watching) {
    int descriptor = calls.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, protocol);
    try {
      calls.bindNetlink(descriptor);
      calls.setSocketOption(descriptor, Linux.SOL_NETLINK, Linux.NETLINK_EXT_ACK, 1);
      calls.setSocketOption(descriptor, Linux.SOL_NETLINK, Linux.NETLINK_CAP_ACK, 1);
      SocketBuffer.SEND.limit(calls, descriptor, SEND_LIMIT_BYTES);
      return of(calls, descriptor, watching);
    } catch (RuntimeException e) {
      calls.close(descriptor);
      throw e;
    }
  }

  /**
   * One that is open already, and not watched.
   *
   * @throws SystemCallException when it is no netlink socket
   */
  static NamespaceSocket of(SystemCalls calls, int descriptor) {
    return of(calls, descriptor, cookie -> WatchedNamespace.NOT_WATCHED);
  }

  private static NamespaceSocket of(
      SystemCalls calls, int descriptor, LongFunction<WatchedNamespace> watching) {
    int portId = calls.netlinkPortId(descriptor);
    long cookie = calls.longSocketOption(descriptor, Linux.SOL_SOCKET, Linux.SO_NETNS_COOKIE);
    return new NamespaceSocket(calls, descriptor, portId, cookie, watching.apply(cookie));
  }

  int descriptor() {
    return descriptor;
  }

  /** SO_NETNS_COOKIE: names the namespace until reboot; one made anew has another. */
  public long cookie() {
    return cookie;
  }

  /**
   * The socket's netlink address in its namespace, an unsigned number: the kernel's events name it.
   */
  public int portId() {
    return portId;
  }

  /**
   * The number that {@link RulesetCommit#namespace} has for changes of this namespace; empty when
   * nobody listened to {@link RulesetEvents} when the socket was opened.
   */
  public OptionalInt namespaceNumber() {
    return watched.number();
  }

  /**
   * Sends the requests as one message and collects every answer.
   *
   * <p>The kernel works inside {@code send(2)} and queues its answers before that returns: so they
   * are received until none is left, never waited for. Answers to anything else are dropped.
   *
   * @throws IllegalStateException after {@link #close}
   */
  Exchange exchange(List<NetlinkRequest> requests) {
    List<NetlinkMessage> answers = new ArrayList<>();
    return exchange(requests, answers, answers::add);
  }

  /**
   * The same for dumps that may be long: data is read while it comes and not kept, so that only
   * acknowledgements and ends of dumps are among what is {@link Exchange.Answered}.
   *
   * @param reader gets each message of data, in order, also when others turn out to be lost; it may
   *     throw {@link MalformedNetlinkException}, which counts like any other nonsense
   */
  Exchange exchange(List<NetlinkRequest> requests, Consumer<NetlinkMessage> reader) {
    List<NetlinkMessage> answers = new ArrayList<>();
    return exchange(
        requests,
        answers,
        message -> {
          if (message.isData()) {
            reader.accept(message);
          } else {
            answers.add(message);
          }
        });
  }

  private synchronized Exchange exchange(
      List<NetlinkRequest> requests,
      List<NetlinkMessage> answers,
      Consumer<NetlinkMessage> receiver) {
    if (closed) {
      throw new IllegalStateException("the socket of namespace " + cookie + " is closed");
    }
    int firstSequence = nextSequence;
    nextSequence += requests.size();
    byte[] message = NetlinkRequest.toBytes(requests, firstSequence);
    Optional<Errno> notSent = send(message);
    if (notSent.isPresent()) {
      return new Exchange.NotSent(notSent.get());
    }
    Optional<Errno> lost = receiveAnswers(firstSequence, requests.size(), receiver);
    return lost.isPresent()
        ? new Exchange.Lost(lost.get())
        : new Exchange.Answered(firstSequence, answers);
  }

  private Optional<Errno> send(byte[] message) {
    while (true) {
      try {
        calls.send(descriptor, message);
        return Optional.empty();
      } catch (SystemCallException e) {
        if (!e.errno().equals(Errno.EINTR)) {
          return Optional.of(e.errno());
        }
      }
    }
  }

  /** Returns why an answer is missing, if one is. */
  private Optional<Errno> receiveAnswers(
      int firstSequence, int requests, Consumer<NetlinkMessage> receiver) {
    Optional<Errno> trouble = Optional.empty();
    while (true) {
      try {
        Optional<Datagram> datagram = calls.receiveFromKernel(descriptor);
        if (datagram.isEmpty()) {
          return trouble;
        }
        for (NetlinkMessage answer : NetlinkMessage.readAll(datagram.get().bytes())) {
          if (Integer.compareUnsigned(answer.sequence() - firstSequence, requests) < 0) {
            receiver.accept(answer);
          }
        }
      } catch (MalformedNetlinkException e) {
        trouble = Optional.of(Errno.EBADMSG);
      } catch (SystemCallException e) {
        if (e.errno().equals(Errno.ENOBUFS)) {
          trouble = Optional.of(e.errno());
        } else if (!e.errno().equals(Errno.EINTR)) {
          return Optional.of(e.errno());
        }
      }
    }
  }

  /**
   * Lets the namespace go; a second time does nothing. Blocks for up to 16 ms when a transaction is
   * fresh.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      calls.close(descriptor);
      watched.end().run();
    }
  }
}
