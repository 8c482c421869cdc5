package cthelper.lab;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A port of the client of a {@link Lab} at which it awaits what it announced elsewhere: the second
 * connection, opened by the server.
 */
public sealed interface AnnouncedPort extends AutoCloseable {

  /** A dropped packet means silence; what passes needs a millisecond. */
  Duration LIMIT = Duration.ofMillis(700);

  /** Any free port of this address of the client. */
  static AnnouncedPort tcp(Lab lab, InetAddress own) {
    return new Tcp(
        lab,
        lab.client()
            .call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(own, 0)).socket()));
  }

  /** The same for datagrams. */
  static AnnouncedPort udp(Lab lab, InetAddress own) {
    return new Udp(lab, lab.client().call(() -> new DatagramSocket(0, own)));
  }

  int port();

  /** Whether the server, from a new port, comes through to it now. */
  boolean isReached();

  @Override
  void close();

  /** A listening socket. */
  record Tcp(Lab lab, ServerSocket listener) implements AnnouncedPort {

    @Override
    public int port() {
      return listener.getLocalPort();
    }

    @Override
    public boolean isReached() {
      try (SocketChannel server = lab.server().call(SocketChannel::open)) {
        server.socket().connect(listener.getLocalSocketAddress(), (int) LIMIT.toMillis());
        return true;
      } catch (SocketTimeoutException silence) {
        return false;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      closeSocket(listener);
    }
  }

  /** A bound socket. */
  record Udp(Lab lab, DatagramSocket socket) implements AnnouncedPort {

    @Override
    public int port() {
      return socket.getLocalPort();
    }

    @Override
    public boolean isReached() {
      DatagramPacket packet = new DatagramPacket(new byte[] {1}, 1, socket.getLocalSocketAddress());
      try (DatagramSocket server = lab.server().call(() -> new DatagramSocket(0))) {
        server.send(packet);
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.receive(new DatagramPacket(new byte[1], 1));
        return true;
      } catch (SocketTimeoutException silence) {
        return false;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      closeSocket(socket);
    }
  }

  private static void closeSocket(Closeable socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
