package cthelper.netfilter;

/**
 * The numbers of Linux' interface that this package needs. All are the same on x86-64 and aarch64
 * but O_NOFOLLOW. Source: the kernel's {@code include/uapi}.
 */
final class Linux {

  static final int O_RDONLY = 0;
  static final int O_CLOEXEC = 0x80000;
  static final int O_NONBLOCK = 0x800;
  static final int O_NOFOLLOW = noFollow(System.getProperty("os.arch"));

  static final int CLONE_NEWNET = 0x40000000;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int NETLINK_ROUTE = 0;
  static final int NETLINK_NETFILTER = 12;
  static final int MSG_CTRUNC = 8;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;

  static final int SOL_IP = 0;
  static final int SOL_IPV6 = 41;
  static final int XT_GET_INFO = 64;
  static final int XT_GET_ENTRIES = 65;

  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int SO_NETNS_COOKIE = 71;
  static final int SOL_NETLINK = 270;
  static final int NETLINK_ADD_MEMBERSHIP = 1;
  static final int NETLINK_LISTEN_ALL_NSID = 8;
  static final int NETLINK_CAP_ACK = 10;
  static final int NETLINK_EXT_ACK = 11;

  static final int IN_CLOEXEC = 0x80000;
  static final int IN_NONBLOCK = 0x800;
  static final int IN_MOVED_FROM = 0x40;
  static final int IN_MOVED_TO = 0x80;
  static final int IN_CREATE = 0x100;
  static final int IN_DELETE = 0x200;
  static final int IN_DELETE_SELF = 0x400;
  static final int IN_MOVE_SELF = 0x800;
  static final int IN_UNMOUNT = 0x2000;
  static final int IN_Q_OVERFLOW = 0x4000;
  static final int IN_IGNORED = 0x8000;
  static final int IN_ONLYDIR = 0x1000000;
  static final int IN_MASK_ADD = 0x20000000;

  static final int EFD_CLOEXEC = 0x80000;
  static final int EFD_NONBLOCK = 0x800;

  static final short POLLIN = 1;
  static final short POLLPRI = 2;

  private Linux() {}

  private static int noFollow(String architecture) {
    return switch (architecture) {
      case "amd64" -> 0x20000;
      case "aarch64" -> 0x8000;
      default -> throw new IllegalStateException("not tried on " + architecture);
    };
  }
}
