package cthelper.netfilter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The real system calls on the real kernel, some of them with other arguments, or refused. */
final class AlteredSystemCalls {

  private AlteredSystemCalls() {}

  /** Changes the arguments of a call in place, or throws instead of making it. */
  @FunctionalInterface
  interface Alteration {
    void alter(String function, Object[] arguments);

    default Alteration and(Alteration other) {
      return (function, arguments) -> {
        alter(function, arguments);
        other.alter(function, arguments);
      };
    }
  }

  /** As for a process without CAP_NET_BROADCAST. */
  static Alteration withoutBroadcast() {
    return (function, arguments) -> {
      if (isOption(function, arguments, Linux.SOL_NETLINK, Linux.NETLINK_LISTEN_ALL_NSID)) {
        throw new SystemCallException("setsockopt", Errno.EPERM);
      }
    };
  }

  /** Sockets may keep so little until it is received. */
  static Alteration receiveLimit(int bytes) {
    return (function, arguments) -> {
      if (isOption(function, arguments, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE)
          || isOption(function, arguments, Linux.SOL_SOCKET, Linux.SO_RCVBUF)) {
        arguments[3] = bytes;
      }
    };
  }

  static SystemCalls of(Alteration alteration) {
    SystemCalls real = new LinuxSystemCalls();
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> {
              alteration.alter(method.getName(), arguments);
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static boolean isOption(String function, Object[] arguments, int level, int option) {
    return function.equals("setSocketOption")
        && arguments[1].equals(level)
        && arguments[2].equals(option);
  }
}
