package cthelper.executor;

import cthelper.netfilter.Errno;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.SystemCallException;
import cthelper.netfilter.SystemCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real system calls; keeps which files were opened, and makes some calls fail on demand. */
final class ObservedCalls {

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
