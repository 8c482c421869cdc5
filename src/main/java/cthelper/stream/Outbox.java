package cthelper.stream;

import io.grpc.stub.CallStreamObserver;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Messages that wait until the other end of a stream takes them. Of those about the same thing the
 * latest one waits, at the end; so there are never more than there are things, and never more than
 * a limit. gRPC itself is given a message only while it says that it can send one, and therefore
 * keeps a few tens of kilobytes at most, however slow the reader.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class Outbox<M> {

  private final CallStreamObserver<M> stream;
  private final int most;
  private final UnaryOperator<M> beforeSending;
  private final Map<Object, M> waiting = new LinkedHashMap<>();
  private boolean closed;

  /**
   * @param most messages that may wait
   * @param beforeSending is shown each message when it really goes, in order, and may change it
   */
  Outbox(CallStreamObserver<M> stream, int most, UnaryOperator<M> beforeSending) {
    this.stream = stream;
    this.most = most;
    this.beforeSending = beforeSending;
  }

  /** Sends it, or lets it wait; false when too many wait already, or the stream has ended. */
  boolean put(Object about, M message) {
    return put(about, message, (earlier, later) -> later);
  }

  /**
   * The same for what must not be replaced.
   *
   * @param merge makes one of the message that waits and of this one
   */
  synchronized boolean put(Object about, M message, BinaryOperator<M> merge) {
    if (closed) {
      return false;
    }
    M earlier = waiting.remove(about);
    if (earlier == null && waiting.size() >= most) {
      return false;
    }
    waiting.put(about, earlier == null ? message : merge.apply(earlier, message));
    send();
    return true;
  }

  /** The stream takes messages again. */
  synchronized void send() {
    Iterator<M> next = waiting.values().iterator();
    while (!closed && stream.isReady() && next.hasNext()) {
      M message = next.next();
      next.remove();
      stream.onNext(beforeSending.apply(message));
    }
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /** This end has said all; what still waits is dropped. */
  synchronized void complete() {
    if (!closed) {
      close();
      stream.onCompleted();
    }
  }

  /** This end gives the stream up. */
  synchronized void fail(Throwable why) {
    if (!closed) {
      close();
      stream.onError(why);
    }
  }

  /** The stream has ended: nothing is sent any more. */
  synchronized void close() {
    closed = true;
    waiting.clear();
  }
}
