package cthelper.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
   */
  private static final int SEND_LIMIT_BYTES = 16 * 1024 * 1024;

  private final SystemCalls calls;
  private final int descriptor;
  private final int portId;
  private final long cookie;
  private int nextSequence = 1;
  private boolean closed;

  private NamespaceSocket(SystemCalls calls, int descriptor, int portId, long cookie) {
    this.calls = calls;
    this.descriptor = descriptor;
    this.portId = portId;
    this.cookie = cookie;
  }

  /**
   * Opens one in the namespace of the calling thread.
   *
   * @throws SystemCallException when any step fails; nothing stays open then
   */
  static NamespaceSocket open(SystemCalls calls) {
    int descriptor =
        calls.socket(
            Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.NETLINK_NETFILTER);
    try {
      calls.bindNetlink(descriptor);
      calls.setSocketOption(descriptor, Linux.SOL_NETLINK, Linux.NETLINK_EXT_ACK, 1);
      calls.setSocketOption(descriptor, Linux.SOL_NETLINK, Linux.NETLINK_CAP_ACK, 1);
      raiseSendLimit(calls, descriptor);
      return new NamespaceSocket(
          calls,
          descriptor,
          calls.netlinkPortId(descriptor),
          calls.longSocketOption(descriptor, Linux.SOL_SOCKET, Linux.SO_NETNS_COOKIE));
    } catch (SystemCallException e) {
      calls.close(descriptor);
      throw e;
    }
  }

  /**
   * The root of a user namespace may only go to the machine's limit (net.core.wmem_max), by default
   * some 5,000 helpers; a longer batch is then {@link Exchange.NotSent} with EMSGSIZE.
   */
  private static void raiseSendLimit(SystemCalls calls, int descriptor) {
    try {
      calls.setSocketOption(descriptor, Linux.SOL_SOCKET, Linux.SO_SNDBUFFORCE, SEND_LIMIT_BYTES);
    } catch (SystemCallException e) {
      if (!e.errno().equals(Errno.EPERM)) {
        throw e;
      }
      calls.setSocketOption(descriptor, Linux.SOL_SOCKET, Linux.SO_SNDBUF, SEND_LIMIT_BYTES);
    }
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
   * Sends the requests as one message and collects every answer.
   *
   * <p>The kernel works inside {@code send(2)} and queues its answers before that returns: so they
   * are received until none is left, never waited for. Answers to anything else are dropped.
   *
   * @throws IllegalStateException after {@link #close}
   */
  synchronized Exchange exchange(List<NetlinkRequest> requests) {
    if (closed) {
      throw new IllegalStateException("the socket of namespace " + cookie + " is closed");
    }
    int firstSequence = nextSequence;
    nextSequence += requests.size();
    byte[] message = NetlinkRequest.toBytes(requests, firstSequence);
    Optional<Errno> notSent = send(message);
    return notSent.isPresent()
        ? new Exchange.NotSent(notSent.get())
        : receiveAnswers(firstSequence, requests.size());
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

  private Exchange receiveAnswers(int firstSequence, int requests) {
    List<NetlinkMessage> answers = new ArrayList<>();
    Optional<Errno> trouble = Optional.empty();
    while (true) {
      try {
        Optional<Datagram> datagram = calls.receiveFromKernel(descriptor);
        if (datagram.isEmpty()) {
          return trouble.isPresent()
              ? new Exchange.Lost(trouble.get())
              : new Exchange.Answered(firstSequence, answers);
        }
        for (NetlinkMessage answer : NetlinkMessage.readAll(datagram.get().bytes())) {
          if (Integer.compareUnsigned(answer.sequence() - firstSequence, requests) < 0) {
            answers.add(answer);
          }
        }
      } catch (MalformedNetlinkException e) {
        trouble = Optional.of(Errno.EBADMSG);
      } catch (SystemCallException e) {
        if (e.errno().equals(Errno.ENOBUFS)) {
          trouble = Optional.of(e.errno());
        } else if (!e.errno().equals(Errno.EINTR)) {
          return new Exchange.Lost(e.errno());
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
    }
  }
}
