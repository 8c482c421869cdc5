package cthelper.executor;

import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.Refusals;
import cthelper.netfilter.SystemCalls;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down what system calls send, as a script for {@code bench/apply.c} (its form is told
 * there). The calls reach the kernel; nothing is changed in them. Used by one thread.
 */
final class Rehearsal implements AutoCloseable {

  private final SystemCalls kernel = new LinuxSystemCalls();
  private final OutputStream script;
  private final List<byte[]> sent = new ArrayList<>();
  private int refusals;

  Rehearsal(Path script) throws IOException {
    this.script = new BufferedOutputStream(Files.newOutputStream(script));
  }

  /** System calls that are written down. */
  SystemCalls calls() {
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      Object result = method.invoke(kernel, arguments);
      if (method.getName().equals("send")) {
        sent.add((byte[]) arguments[1]);
      }
      refusals += Refusals.in(result);
      return result;
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }

  /** What was sent since the last time is an operation. */
  void next(boolean timed) throws IOException {
    if (!sent.isEmpty()) {
      write(timed ? 1 : 0, sent.size(), refusals);
      for (byte[] message : sent) {
        write(message.length);
        script.write(message);
      }
    }
    sent.clear();
    refusals = 0;
  }

  private void write(int... numbers) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.nativeOrder());
    for (int number : numbers) {
      bytes.putInt(number);
    }
    script.write(bytes.array());
  }

  @Override
  public void close() throws IOException {
    script.close();
  }
}
