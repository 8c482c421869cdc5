package cthelper.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A small FTP server (RFC 959, RFC 2428) in a namespace: any user and password, one payload under
 * any file name, active and passive, IPv4 and IPv6.
 */
public final class FtpPeer implements Peer {

  private final LabNamespace namespace;
  private final Payload payload;
  private final ServerSocketChannel listener;
  private final PeerThreads threads = new PeerThreads();

  private FtpPeer(LabNamespace namespace, Payload payload, ServerSocketChannel listener) {
    this.namespace = namespace;
    this.payload = payload;
    this.listener = listener;
  }

  /** Listens on this port of every address of the namespace. */
  public static FtpPeer start(LabNamespace namespace, int port, Payload payload) {
    ServerSocketChannel listener =
        namespace.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(port)));
    FtpPeer peer = new FtpPeer(namespace, payload, listener);
    peer.threads.start("ftp peer in " + namespace.name(), listener, peer::acceptConnections);
    return peer;
  }

  private void acceptConnections() throws IOException {
    while (true) {
      SocketChannel control = listener.accept();
      threads.start(
          "ftp control in " + namespace.name(),
          control,
          () -> new FtpControl(namespace, payload, control).converse());
    }
  }

  /** Ends every connection; afterwards nothing of it is left in the namespace. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    threads.close();
  }
}
