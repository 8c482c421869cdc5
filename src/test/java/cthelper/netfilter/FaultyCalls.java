package cthelper.netfilter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The real system calls on the real kernel, some of which fail, or answer what no kernel should, as
 * a test plans it. Functions have their names of the manual. Thread-safe.
 */
public final class FaultyCalls {

  private static final Map<String, String> FUNCTIONS =
      Map.of(
          "bindNetlink", "bind",
          "netlinkPortId", "getsockname",
          "setSocketOption", "setsockopt",
          "longSocketOption", "getsockopt",
          "socketOption", "getsockopt",
          "receiveFromKernel", "recvfrom",
          "inotifyInit", "inotify_init1",
          "inotifyAddWatch", "inotify_add_watch",
          "inotifyRemoveWatch", "inotify_rm_watch",
          "signal", "write");
  private static final Set<String> OPENING = Set.of("open", "socket", "inotify_init1", "eventfd");

  private final SystemCalls real = new LinuxSystemCalls();
  private final Map<String, Deque<Optional<Errno>>> failures = new HashMap<>();
  private final Map<Integer, Deque<byte[]>> answers = new HashMap<>();
  private final Set<Integer> open = new HashSet<>();
  private UnaryOperator<List<byte[]>> replies = UnaryOperator.identity();
  private UnaryOperator<byte[]> reads = UnaryOperator.identity();

  /** The calls to hand to what is tested. */
  public SystemCalls calls() {
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  /** The function goes well that many times more, and then fails once. */
  public synchronized void failAfter(String function, int successes, Errno errno) {
    Deque<Optional<Errno>> plan = failures.computeIfAbsent(function, name -> new ArrayDeque<>());
    for (int i = 0; i < successes; i++) {
      plan.add(Optional.empty());
    }
    plan.add(Optional.of(errno));
  }

  /** From now on this is what is received instead of the kernel's answers to a message. */
  public synchronized void damageReplies(UnaryOperator<List<byte[]>> damage) {
    replies = damage;
  }

  /** From now on this is read instead of what was there. */
  public synchronized void damageReads(UnaryOperator<byte[]> damage) {
    reads = damage;
  }

  /** All is well from now on. */
  public synchronized void heal() {
    failures.clear();
    replies = UnaryOperator.identity();
    reads = UnaryOperator.identity();
  }

  /** What was opened through these calls and is not closed. */
  public synchronized int openDescriptors() {
    return open.size();
  }

  private Object call(Method method, Object... arguments) throws Throwable {
    String function = FUNCTIONS.getOrDefault(method.getName(), method.getName());
    Optional<Errno> failure = failure(function);
    if (failure.isPresent()) {
      return failed(function, failure.get());
    }
    switch (function) {
      case "recvfrom" -> {
        return received((int) arguments[0]);
      }
      case "close" -> closed((int) arguments[0]); // before another thread gets the number
      default -> {}
    }
    Object result = invoke(method, arguments);
    switch (function) {
      case "send" -> receiveAll((int) arguments[0]);
      case "read" -> {
        return damaged((Optional<?>) result);
      }
      default -> {
        if (OPENING.contains(function)) {
          opened((int) result);
        }
      }
    }
    return result;
  }

  private synchronized Optional<Errno> failure(String function) {
    Deque<Optional<Errno>> plan = failures.get(function);
    return plan == null || plan.isEmpty() ? Optional.empty() : plan.remove();
  }

  /** As {@link LinuxSystemCalls} tells it: some errors are ordinary answers. */
  private static Object failed(String function, Errno errno) {
    return switch (function + " " + errno.symbol()) {
      case "recvfrom EAGAIN", "read EAGAIN" -> Optional.empty();
      case "poll EINTR" -> Set.of();
      default -> throw new SystemCallException(function, errno);
    };
  }

  private synchronized Optional<Datagram> received(int socket) {
    Deque<byte[]> waiting = answers.get(socket);
    return waiting == null || waiting.isEmpty()
        ? real.receiveFromKernel(socket)
        : Optional.of(new Datagram(OptionalInt.empty(), waiting.remove()));
  }

  /** All answers are there when send returns, so that any of them can come in any order. */
  private synchronized void receiveAll(int socket) {
    List<byte[]> received = new ArrayList<>();
    Optional<Datagram> next = real.receiveFromKernel(socket);
    while (next.isPresent()) {
      received.add(next.get().bytes());
      next = real.receiveFromKernel(socket);
    }
    answers.computeIfAbsent(socket, number -> new ArrayDeque<>()).addAll(replies.apply(received));
  }

  private synchronized Optional<byte[]> damaged(Optional<?> read) {
    return read.map(bytes -> reads.apply((byte[]) bytes));
  }

  private synchronized void opened(int descriptor) {
    open.add(descriptor);
  }

  private synchronized void closed(int descriptor) {
    open.remove(descriptor);
    answers.remove(descriptor);
  }

  private Object invoke(Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
