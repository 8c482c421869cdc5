package cthelper.netfilter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The real system calls, but now and then some octets of what the kernel answers to a question
 * about its rules are other ones.
 */
final class DamagedAnswers {

  private static final int ONE_IN = 5;
  private static final int MOST_OCTETS = 4;

  private final SystemCalls real = new LinuxSystemCalls();
  private final Random random;

  private DamagedAnswers(long seed) {
    this.random = new Random(seed);
  }

  static SystemCalls of(long seed) {
    DamagedAnswers damaged = new DamagedAnswers(seed);
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (_, method, arguments) -> damaged.invoke(method, arguments));
  }

  private @Nullable Object invoke(Method method, Object[] arguments) throws Throwable {
    Object answer = call(method, arguments);
    if (answer instanceof byte[] octets) {
      return damage(octets);
    }
    return answer instanceof Optional<?> some && some.orElse(null) instanceof Datagram datagram
        ? Optional.of(new Datagram(datagram.namespace(), damage(datagram.bytes())))
        : answer;
  }

  private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private byte[] damage(byte[] octets) {
    if (octets.length > 0 && random.nextInt(ONE_IN) == 0) {
      for (int i = random.nextInt(MOST_OCTETS); i >= 0; i--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
    }
    return octets;
  }
}
