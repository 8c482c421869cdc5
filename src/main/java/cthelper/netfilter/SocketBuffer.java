package cthelper.netfilter;

/** How much a socket may hold in one direction. */
enum SocketBuffer {
  SEND(Linux.SO_SNDBUFFORCE, Linux.SO_SNDBUF),
  RECEIVE(Linux.SO_RCVBUFFORCE, Linux.SO_RCVBUF);

  private final int forced;
  private final int ordinary;

  SocketBuffer(int forced, int ordinary) {
    this.forced = forced;
    this.ordinary = ordinary;
  }

  /**
   * Sets the limit. The root of a user namespace may only go to the machine's (net.core.wmem_max,
   * rmem_max) and silently gets that.
   */
  void limit(SystemCalls calls, int socket, int bytes) {
    try {
      calls.setSocketOption(socket, Linux.SOL_SOCKET, forced, bytes);
    } catch (SystemCallException e) {
      if (!e.errno().equals(Errno.EPERM)) {
        throw e;
      }
      calls.setSocketOption(socket, Linux.SOL_SOCKET, ordinary, bytes);
    }
  }
}
