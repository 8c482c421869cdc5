package cthelper.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Does in one go what several threads want at once: while one does it for all who were there, those
 * who come wait for the next turn, which one of them then does. Who comes alone does not wait.
 * Thread-safe.
 *
 * @param <T> what each wants done
 * @param <R> what comes of it
 */
final class Together<T, R> {

  private final Function<List<T>, List<R>> work;
  private final int most;
  private final Deque<Part<T, R>> waiting = new ArrayDeque<>();
  private boolean isBusy;

  /** What one thread wants; completed by whoever does it, or made the next to do all there is. */
  private record Part<T, R>(
      T wanted, CompletableFuture<Boolean> turn, CompletableFuture<R> result) {

    static <T, R> Part<T, R> of(T wanted) {
      return new Part<>(wanted, new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  /**
   * @param work makes of each element what comes of it, in this order
   * @param most how many it takes at once
   */
  Together(Function<List<T>, List<R>> work, int most) {
    this.work = work;
    this.most = most;
  }

  /**
   * Returns when it is done.
   *
   * @throws RuntimeException what the work threw; if more than this was wanted, it was tried by
   *     itself, unless the database was away
   */
  R apply(T wanted) {
    Part<T, R> mine = Part.of(wanted);
    boolean isMyTurn;
    synchronized (this) {
      waiting.add(mine);
      isMyTurn = !isBusy;
      isBusy = true;
    }
    if (isMyTurn || mine.turn.join()) {
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

  private synchronized List<Part<T, R>> next() {
    List<Part<T, R>> parts = new ArrayList<>();
    while (!waiting.isEmpty() && parts.size() < most) {
      parts.add(waiting.remove());
    }
    return parts;
  }

  private synchronized void handOver() {
    isBusy = !waiting.isEmpty();
    if (isBusy) {
      waiting.getFirst().turn.complete(true);
    }
  }

  private void doIt(List<Part<T, R>> parts) {
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
        boolean isAway = DatabaseTrouble.isBehind(e);
        fail(parts.subList(i, isAway ? parts.size() : i + 1), e);
        if (isAway) {
          return;
        }
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
  private static <T, R> void fail(List<Part<T, R>> parts, RuntimeException failure) {
    parts.forEach(part -> {
      part.turn.complete(false);
      part.result.completeExceptionally(failure);
    });
  }
}
