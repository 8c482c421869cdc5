package cthelper.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A connection from the client of a {@link Lab} to its server in which a test says every word of
 * both ends: for protocols of which one message is enough to announce a second connection.
 *
 * <p>Example: {@code dialogue.clientSays("PRIVMSG bob :…\r\n")} returns once the server has heard
 * exactly that, hence after the router has read it. A message leaves in one packet, as the kernel's
 * helpers need it. Without NAT only, which changes what is said.
 */
public final class Dialogue implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final InetSocketAddress clientAddress;
  private final ByteChannel client;
  private final ByteChannel server;

  private Dialogue(InetSocketAddress clientAddress, ByteChannel client, ByteChannel server) {
    this.clientAddress = clientAddress;
    this.client = client;
    this.server = server;
  }

  /** Over {@code tcp} or {@code udp}, with a server at this address that is there just for it. */
  public static Dialogue open(Lab lab, String protocol, InetSocketAddress server) {
    try {
      return switch (protocol) {
        case "tcp" -> overTcp(lab, server);
        case "udp" -> overUdp(lab, server);
        default -> throw new IllegalArgumentException("neither tcp nor udp: " + protocol);
      };
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Dialogue overTcp(Lab lab, InetSocketAddress address) throws IOException {
    SocketChannel client = lab.client().call(SocketChannel::open);
    try (ServerSocketChannel listener =
        lab.server().call(() -> ServerSocketChannel.open().bind(address))) {
      client.socket().connect(address, (int) LIMIT.toMillis());
      SocketChannel server = listener.accept();
      client.configureBlocking(false);
      server.configureBlocking(false);
      return new Dialogue((InetSocketAddress) client.getLocalAddress(), client, server);
    } catch (IOException | RuntimeException failure) {
      client.close();
      throw failure;
    }
  }

  private static Dialogue overUdp(Lab lab, InetSocketAddress address) throws IOException {
    DatagramChannel client = lab.client().call(() -> DatagramChannel.open().connect(address));
    try {
      InetSocketAddress clientAddress = (InetSocketAddress) client.getLocalAddress();
      DatagramChannel server =
          lab.server().call(() -> DatagramChannel.open().bind(address).connect(clientAddress));
      client.configureBlocking(false);
      server.configureBlocking(false);
      return new Dialogue(clientAddress, client, server);
    } catch (IOException | RuntimeException failure) {
      client.close();
      throw failure;
    }
  }

  /** The client's end, as the server sees it. */
  public InetSocketAddress clientAddress() {
    return clientAddress;
  }

  /** Returns once the server has heard it. */
  public void clientSays(byte[] message) {
    say(client, message, server);
  }

  /** The same with text. */
  public void clientSays(String message) {
    clientSays(message.getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns once the client has heard it. */
  public void serverSays(byte[] message) {
    say(server, message, client);
  }

  private static void say(ByteChannel from, byte[] message, ByteChannel to) {
    try {
      from.write(ByteBuffer.wrap(message));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    ByteBuffer heard = ByteBuffer.allocate(message.length);
    await("a message of %d bytes is heard".formatted(message.length))
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> to.read(heard) >= 0 && !heard.hasRemaining());
    if (!heard.flip().equals(ByteBuffer.wrap(message))) {
      throw new IllegalStateException("the message was changed on its way");
    }
  }

  @Override
  public void close() {
    try (client;
        server) {
      // both, whatever the first one says
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
