package cthelper.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Does in one go what several threads want at once: while some do it for all who were there, those
 * who come wait for the next turn, which one of them then does. Who comes when it is quiet does not
 * wait. What is done for somebody begins after he has asked for it. Thread-safe.
 *
 * @param <T> what each wants done
 * @param <R> what comes of it
 */
final class Together<T, R> {

  private final Function<List<T>, List<R>> work;
  private final int most;
  private final int turns;
  private final Duration patience;
  private final Deque<Part<T, R>> waiting = new ArrayDeque<>();
  private int taken;

  /** What one thread wants; completed by whoever does it, or made the next to do all there is. */
  private record Part<T, R>(
      T wanted, long since, CompletableFuture<Boolean> turn, CompletableFuture<R> result) {

    static <T, R> Part<T, R> of(T wanted) {
      return new Part<>(
          wanted, System.nanoTime(), new CompletableFuture<>(), new CompletableFuture<>());
    }

    boolean hasWaited(Duration time) {
      return Duration.ofNanos(System.nanoTime() - since).compareTo(time) >= 0;
    }
  }

  /**
   * @param work makes of each element what comes of it, in this order
   * @param most how many it takes at once
   * @param turns how many threads work at once
   * @param patience who has waited for his turn this long when the database is found away for
   *     others fails with them; he would wait for it once more
   */
  Together(Function<List<T>, List<R>> work, int most, int turns, Duration patience) {
    this.work = work;
    this.most = most;
    this.turns = turns;
    this.patience = patience;
  }

  /**
   * Returns when it is done.
   *
   * @throws RuntimeException what the work threw; if more than this was wanted, it was tried by
   *     itself, unless the database was away
   */
  R apply(T wanted) {
    Part<T, R> mine = Part.of(wanted);
    synchronized (this) {
      waiting.add(mine);
      if (taken < turns) {
        taken++;
        mine.turn.complete(true);
      }
    }
    if (mine.turn.join()) {
      try {
        doIt(next());
      } finally {
        handOver();
      }
    }
    try {
      return mine.result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** How many wait for the next turn. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** How many could begin at once. */
  synchronized int free() {
    return turns - taken;
  }

  private synchronized List<Part<T, R>> next() {
    List<Part<T, R>> parts = new ArrayList<>();
    while (!waiting.isEmpty() && parts.size() < most) {
      parts.add(waiting.remove());
    }
    return parts;
  }

  /** To one who has not been called yet; others may take him along before he comes. */
  private synchronized void handOver() {
    boolean isCalled = waiting.stream().anyMatch(part -> part.turn.complete(true));
    taken -= isCalled ? 0 : 1;
  }

  private void doIt(List<Part<T, R>> parts) {
    if (parts.isEmpty()) { // others have taken him along who was called
      return;
    }
    boolean isOver = false;
    try {
      doAll(parts);
      isOver = true;
    } catch (RuntimeException e) {
      if (parts.size() > 1 && !DatabaseTrouble.isBehind(e)) {
        oneByOne(parts); // one of them is to blame
      } else {
        fail(parts, e);
      }
      isOver = true;
    } finally {
      if (!isOver) { // an Error, after which nobody is to wait for ever
        fail(parts, new IllegalStateException("not done"));
      }
    }
  }

  /** Until the database is found away, which the others then need not find themselves. */
  private void oneByOne(List<Part<T, R>> parts) {
    for (int i = 0; i < parts.size(); i++) {
      try {
        doAll(parts.subList(i, i + 1));
      } catch (RuntimeException e) {
        if (DatabaseTrouble.isBehind(e)) {
          fail(parts.subList(i, parts.size()), e);
          return;
        }
        fail(parts.subList(i, i + 1), e);
      }
    }
  }

  private void doAll(List<Part<T, R>> parts) {
    List<R> results = work.apply(parts.stream().map(Part::wanted).toList());
    for (int i = 0; i < parts.size(); i++) {
      Part<T, R> part = parts.get(i);
      part.turn.complete(false);
      part.result.complete(results.get(i));
    }
  }

  /** What is done already stays as it is. */
  private void fail(List<Part<T, R>> parts, RuntimeException failure) {
    List<Part<T, R>> all = new ArrayList<>(parts);
    if (DatabaseTrouble.isBehind(failure)) {
      all.addAll(impatient());
    }
    all.forEach(part -> {
      part.turn.complete(false);
      part.result.completeExceptionally(failure);
    });
  }

  /** They wait no more. */
  private synchronized List<Part<T, R>> impatient() {
    List<Part<T, R>> some = waiting.stream().filter(part -> part.hasWaited(patience)).toList();
    waiting.removeAll(some);
    return some;
  }
}
