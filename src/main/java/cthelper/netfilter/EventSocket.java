package cthelper.netfilter;

/** Sockets to which the kernel sends what is committed to the ruleset (NFNLGRP_NFTABLES). */
final class EventSocket {

  private EventSocket() {}

  /**
   * Opens one in the namespace of the calling thread.
   *
   * @param limitBytes how much may wait to be received; beyond that events are lost, and receiving
   *     says ENOBUFS once
   * @throws SystemCallException when any step fails; nothing stays open then
   */
  static int open(SystemCalls calls, int limitBytes) {
    int socket =
        calls.socket(
            Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.NETLINK_NETFILTER);
    try {
      SocketBuffer.RECEIVE.limit(calls, socket, limitBytes);
      calls.bindNetlink(socket);
      calls.setSocketOption(
          socket, Linux.SOL_NETLINK, Linux.NETLINK_ADD_MEMBERSHIP, Nft.EVENT_GROUP);
      return socket;
    } catch (SystemCallException e) {
      calls.close(socket);
      throw e;
    }
  }
}
