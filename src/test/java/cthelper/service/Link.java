package cthelper.service;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way from one process to another that can be cut and made slow. Thread-safe. */
final class Link implements AutoCloseable {

  private static final int PIECE = 8192;

  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean isCut;
  private volatile Duration delay = Duration.ZERO;

  /**
   * @param target port on loopback
   */
  Link(int target) {
    this.target = target;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /** For whoever takes this way. */
  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** Ends what is open, and whatever is opened. */
  void cut() {
    isCut = true;
    open.forEach(Link::end);
  }

  /** Each piece that goes either way is late by this. */
  void slow(Duration each) {
    delay = each;
  }

  void mend() {
    isCut = false;
    delay = Duration.ZERO;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket from = listening.accept();
        if (isCut) {
          end(from);
        } else {
          Thread.ofPlatform().daemon().start(() -> connect(from));
        }
      } catch (IOException e) {
        end(listening);
      }
    }
  }

  private void connect(Socket from) {
    try (from;
        Socket to = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(from);
      open.add(to);
      if (isCut) {
        return;
      }
      Thread back = Thread.ofPlatform().daemon().start(() -> pump(to, from));
      pump(from, to);
      back.join();
    } catch (IOException e) {
      end(from); // nobody is there
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(from);
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[PIECE];
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        Thread.sleep(delay);
        out.write(piece, 0, length);
      }
    } catch (IOException e) {
      // one end has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
      open.remove(to);
    }
  }

  private static void end(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    end(listening);
    cut();
  }
}
