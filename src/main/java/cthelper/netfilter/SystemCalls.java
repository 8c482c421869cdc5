package cthelper.netfilter;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The seam to Linux: exactly the C library functions this package needs, under their own names.
 *
 * <p>Descriptors are plain ints as in C; whoever gets one closes it. Every failure is a {@link
 * SystemCallException} with the function and its errno, except where "nothing there yet" is an
 * ordinary answer. Thread-safe, but {@link #setns} and {@link #unshare} change the calling
 * operating-system thread: only dedicated platform threads may use them.
 *
 * <p>Source: section 2 of the manual pages, {@code netlink(7)}, {@code inotify(7)}, {@code
 * network_namespaces(7)}.
 */
public interface SystemCalls {

  /** {@code open(2)}; the flags of {@link Linux}, no creation. */
  int open(String path, int flags);

  /**
   * {@code close(2)}: the descriptor is free afterwards, whatever else went wrong. Only EBADF,
   * which is a bug of the caller, is a failure.
   */
  void close(int descriptor);

  /** {@code setns(2)}: moves the calling thread into the namespace of the descriptor. */
  void setns(int descriptor, int namespaceType);

  /** {@code unshare(2)}: moves the calling thread into new namespaces. */
  void unshare(int flags);

  int socket(int family, int type, int protocol);

  /** {@code bind(2)} to a netlink address of the kernel's choice. */
  void bindNetlink(int socket);

  /** {@code getsockname(2)}: the unsigned port id the kernel chose for a bound netlink socket. */
  int netlinkPortId(int socket);

  /** {@code setsockopt(2)} with an int. */
  void setSocketOption(int socket, int level, int option, int value);

  /** {@code getsockopt(2)} of an unsigned 64-bit option such as SO_NETNS_COOKIE. */
  long longSocketOption(int socket, int level, int option);

  /**
   * {@code getsockopt(2)} of an option that is asked for with octets of its own, as iptables' are.
   *
   * @param question what the kernel reads first, as long as its answer may be
   * @return what the kernel wrote
   */
  byte[] socketOption(int socket, int level, int option, byte[] question);

  /** {@code send(2)}: the whole message or a failure. */
  void send(int socket, byte[] message);

  /**
   * {@code recvmsg(2)} with MSG_DONTWAIT: the next datagram, or empty when none is queued. The
   * buffer has one constant size, because the kernel fits the datagrams of a dump to the largest it
   * was ever offered.
   *
   * <p>Datagrams that do not come from the kernel itself (port id 0) are dropped. One that does not
   * fit, which no kernel sends, fails with EMSGSIZE.
   */
  Optional<Datagram> receiveFromKernel(int socket);

  /** {@code read(2)} of a non-blocking descriptor; empty when there is nothing to read. */
  Optional<byte[]> read(int descriptor);

  int inotifyInit(int flags);

  /** {@code inotify_add_watch(2)}: the watch's number, the old one if the inode has one already. */
  int inotifyAddWatch(int inotify, String path, int mask);

  void inotifyRemoveWatch(int inotify, int watch);

  /** {@code eventfd(2)} with counter 0. */
  int eventfd(int flags);

  /** {@code write(2)}: adds one to an eventfd, which makes it readable. */
  void signal(int eventfd);

  /**
   * {@code poll(2)}: waits until something awaited happens, or the time is over.
   *
   * @param timeoutMillis -1 waits forever
   * @return the descriptors at which something happened (errors count); empty after the time, or
   *     when a signal came
   */
  Set<Integer> poll(List<Awaited> awaited, int timeoutMillis);

  /**
   * What {@link #poll} is to wait for.
   *
   * @param events POLLIN or POLLPRI
   */
  record Awaited(int descriptor, short events) {}
}
