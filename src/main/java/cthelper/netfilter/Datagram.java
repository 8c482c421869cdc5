package cthelper.netfilter;

import java.util.OptionalInt;

/** What the kernel sent at once: some netlink messages, never split. Nobody changes its octets. */
public final class Datagram {

  private final OptionalInt namespace;
  private final byte[] bytes;

  Datagram(OptionalInt namespace, byte[] bytes) {
    this.namespace = namespace;
    this.bytes = bytes;
  }

  /**
   * The number of the namespace it is about, as the socket's namespace counts; empty for the
   * socket's own, and where NETLINK_LISTEN_ALL_NSID is not set.
   */
  OptionalInt namespace() {
    return namespace;
  }

  byte[] bytes() {
    return bytes;
  }
}
