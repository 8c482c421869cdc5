package cthelper.lab;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads of a peer, each with the socket it waits on: closing the sockets ends the threads, so
 * that nothing of a closed peer keeps its namespace alive.
 */
final class PeerThreads implements AutoCloseable {

  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  /** A conversation over a socket; an IOException ends it, as a vanished counterpart does. */
  @FunctionalInterface
  interface Conversation {
    void run() throws IOException;
  }

  private final Map<Thread, Closeable> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Starts a conversation and closes its socket when it ends. */
  void start(String name, Closeable socket, Conversation conversation) {
    Thread thread =
        Thread.ofPlatform().daemon().name(name).unstarted(() -> converse(socket, conversation));
    running.put(thread, socket);
    thread.start();
    if (closed) { // meanwhile, too early to see this thread
      close();
    }
  }

  private void converse(Closeable socket, Conversation conversation) {
    try (socket) {
      conversation.run();
    } catch (IOException | UncheckedIOException endOfConversation) {
      // The counterpart went away, was too slow, or this peer was closed: its client can tell.
    } finally {
      running.remove(Thread.currentThread());
    }
  }

  @Override
  public void close() {
    closed = true;
    running.forEach(PeerThreads::end);
  }

  private static void end(Thread thread, Closeable socket) {
    try {
      socket.close();
      if (!thread.equals(Thread.currentThread()) && !thread.join(END_LIMIT)) {
        throw new IllegalStateException(thread.getName() + " does not end");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(thread.getName() + ": interrupted", interruption);
    }
  }
}
