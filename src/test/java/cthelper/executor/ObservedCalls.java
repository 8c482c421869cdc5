package cthelper.executor;

import cthelper.netfilter.Errno;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.SystemCallException;
import cthelper.netfilter.SystemCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real system calls; keeps which files were opened, counts transactions, and makes some calls
 * fail on demand.
 */
final class ObservedCalls {

  private static final short BATCH_END = 0x11; // linux/netfilter/nfnetlink.h

  private final AtomicInteger commits = new AtomicInteger();
  private final SystemCalls real = new LinuxSystemCalls();
  private final List<String> opened = new CopyOnWriteArrayList<>();
  private final Map<String, Errno> failing = new ConcurrentHashMap<>();

  SystemCalls calls() {
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  /** Every path that was opened, or tried to, so far. */
  List<String> opened() {
    return List.copyOf(opened);
  }

  long timesOpened(Object path) {
    return opened.stream().filter(path.toString()::equals).count();
  }

  /** How many transactions were sent to be committed; questions and probes are none. */
  int commits() {
    return commits.get();
  }

  private static boolean isCommitted(byte[] message) {
    ByteBuffer messages = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
    for (int at = 0; at < message.length; at += Math.ceilDiv(messages.getInt(at), 4) * 4) {
      if (messages.getShort(at + 4) == BATCH_END) {
        return true;
      }
    }
    return false;
  }

  /** From now on this function fails. */
  void fail(String function, Errno errno) {
    failing.put(function, errno);
  }

  void failNoMore() {
    failing.clear();
  }

  private Object call(Method method, Object... arguments) throws Throwable {
    if (method.getName().equals("open")) {
      opened.add((String) arguments[0]);
    }
    if (method.getName().equals("send") && isCommitted((byte[]) arguments[1])) {
      commits.incrementAndGet();
    }
    Optional<Errno> failure = Optional.ofNullable(failing.get(method.getName()));
    if (failure.isPresent()) {
      throw new SystemCallException(method.getName(), failure.get());
    }
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
