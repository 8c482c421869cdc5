package cthelper.netfilter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Gives network namespaces the numbers by which they are known in another one, that of a socket.
 *
 * <p>Example: {@code 08 00 03 00 06 00 00 00 | 08 00 01 00 2a 00 00 00} asks that the namespace of
 * descriptor 6 be 42. The kernel's own choice would be a number that was used before. A number goes
 * with its namespace and keeps nothing alive. Thread-safe. Source: {@code linux/net_namespace.h},
 * {@code rtnetlink(7)}.
 */
final class NamespaceNumbers implements AutoCloseable {

  private static final int NEW = 88; // RTM_NEWNSID
  private static final int GET = 90; // RTM_GETNSID
  private static final int NUMBER = 1; // NETNSA_NSID
  private static final int DESCRIPTOR = 3; // NETNSA_FD

  private final NamespaceSocket route;
  private int next = 1;

  private NamespaceNumbers(NamespaceSocket route) {
    this.route = route;
  }

  /**
   * Through a socket of {@link NamespaceSocket#openRoute}, which is closed with this.
   *
   * @throws SystemCallException when it is none
   */
  static NamespaceNumbers of(SystemCalls calls, int socket) {
    return new NamespaceNumbers(NamespaceSocket.of(calls, socket));
  }

  /**
   * The number of the namespace of this descriptor: the one it has, or else the next one.
   *
   * @throws SystemCallException when the kernel refuses
   */
  synchronized OptionalInt give(int namespace) {
    while (true) {
      int number = next++;
      Optional<Errno> refusal =
          ask(request(NEW, namespace, Optional.of(number)).acknowledged())
              .acknowledgementOf(0)
              .orElseThrow(NamespaceNumbers::notUnderstood)
              .error();
      if (refusal.isEmpty()) {
        return OptionalInt.of(number);
      }
      if (!refusal.get().equals(Errno.EEXIST)) {
        throw new SystemCallException("RTM_NEWNSID", refusal.get());
      }
      OptionalInt known = find(namespace);
      if (known.isPresent()) {
        return known;
      }
      // Somebody who found our namespace in /proc has used this number there.
    }
  }

  private OptionalInt find(int namespace) {
    List<NetlinkMessage> answers = ask(request(GET, namespace, Optional.empty())).to(0);
    if (answers.isEmpty()) {
      throw notUnderstood();
    }
    int number = answers.getFirst().attributes().get(NUMBER).hostInteger();
    return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }

  private Exchange.Answered ask(NetlinkRequest request) {
    return switch (route.exchange(List.of(request))) {
      case Exchange.Answered answered -> answered;
      case Exchange.NotSent(Errno errno) -> throw new SystemCallException("send", errno);
      case Exchange.Lost(Errno errno) -> throw new SystemCallException("recvmsg", errno);
    };
  }

  /** A rtgenmsg is as long as the header of netfilter, and zero. */
  private static NetlinkRequest request(int type, int namespace, Optional<Integer> number) {
    return NetlinkRequest.of(
        type,
        0,
        0,
        0,
        attributes -> {
          attributes.hostInteger(DESCRIPTOR, namespace);
          number.ifPresent(wanted -> attributes.hostInteger(NUMBER, wanted));
        });
  }

  private static SystemCallException notUnderstood() {
    return new SystemCallException("RTM_NEWNSID", Errno.EBADMSG);
  }

  @Override
  public void close() {
    route.close();
  }
}
