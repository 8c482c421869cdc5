package cthelper.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Runs the same thing many times, all starting at the same moment. */
public final class AtOnce {

  private AtOnce() {}

  /**
   * Calls {@code task} with 0 to {@code times} - 1, each on a thread of its own.
   *
   * @return what they returned, in that order
   * @throws Exception what the first failing one threw
   */
  public static <T> List<T> run(int times, IntFunction<T> task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(times);
    try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
      List<Callable<T>> calls = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        int number = i;
        calls.add(() -> {
          start.await();
          return task.apply(number);
        });
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    }
  }
}
