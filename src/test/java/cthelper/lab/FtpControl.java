package cthelper.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One control connection of an {@link FtpPeer}, from its greeting to QUIT. */
final class FtpControl {

  private static final Duration IDLE_LIMIT = Duration.ofSeconds(30);

  /** Shorter than a client waits for an answer, so that it reads 425 and not nothing. */
  private static final Duration DATA_LIMIT = Duration.ofMillis(700);

  private final LabNamespace namespace;
  private final Payload payload;
  private final SocketChannel control;
  private final FtpLines lines;

  /** Where the next data connection comes in (passive) or goes to (active); one at a time. */
  private @Nullable ServerSocketChannel passive;

  private @Nullable InetSocketAddress active;

  FtpControl(LabNamespace namespace, Payload payload, SocketChannel control) throws IOException {
    this.namespace = namespace;
    this.payload = payload;
    this.control = control;
    this.lines = new FtpLines(control, IDLE_LIMIT);
  }

  void converse() throws IOException {
    try {
      lines.write("220 ready");
      String answer;
      do {
        answer = answer(lines.read());
        lines.write(answer);
      } while (!answer.startsWith("221"));
    } finally {
      forgetDataAddress();
    }
  }

  private String answer(String line) throws IOException {
    String[] words = line.split(" ", 2);
    String argument = words.length == 2 ? words[1] : "";
    return switch (words[0].toUpperCase(Locale.ROOT)) {
      case "USER" -> "331 any password will do";
      case "PASS" -> "230 logged in";
      case "TYPE" -> "200 type is " + argument;
      case "NOOP" -> "200 here";
      case "PASV" -> enterPassive(false);
      case "EPSV" -> enterPassive(true);
      case "PORT" -> enterActive(FtpAddress.readSixNumbers(argument));
      case "EPRT" -> enterActive(FtpAddress.readExtended(argument));
      case "RETR" -> sendPayload();
      case "QUIT" -> "221 bye";
      default -> "502 not known here";
    };
  }

  private String enterPassive(boolean extended) throws IOException {
    forgetDataAddress();
    InetSocketAddress local = (InetSocketAddress) control.getLocalAddress();
    if (!extended && !FtpAddress.isIpv4(local)) {
      return "425 use EPSV";
    }
    ServerSocketChannel listener =
        namespace.call(
            () -> ServerSocketChannel.open().bind(new InetSocketAddress(local.getAddress(), 0)));
    passive = listener;
    InetSocketAddress data = (InetSocketAddress) listener.getLocalAddress();
    return extended
        ? "229 Entering Extended Passive Mode (%s)"
            .formatted(FtpAddress.extendedPort(data.getPort()))
        : "227 Entering Passive Mode (%s)".formatted(FtpAddress.sixNumbers(data));
  }

  private String enterActive(InetSocketAddress target) throws IOException {
    forgetDataAddress();
    active = target;
    return "200 will connect";
  }

  private String sendPayload() throws IOException {
    try (SocketChannel data = openData()) {
      lines.write("150 sending %d bytes".formatted(payload.length()));
      OutputStream output = data.socket().getOutputStream();
      output.write(payload.bytes());
      data.shutdownOutput();
      return "226 sent";
    } catch (IOException failure) {
      return "425 no data connection: " + failure.getMessage();
    } finally {
      forgetDataAddress();
    }
  }

  private SocketChannel openData() throws IOException {
    int limit = (int) DATA_LIMIT.toMillis();
    if (passive != null) {
      passive.socket().setSoTimeout(limit);
      return passive.socket().accept().getChannel();
    }
    if (active == null) {
      throw new IOException("neither PASV nor PORT came before");
    }
    SocketChannel data = namespace.call(SocketChannel::open);
    try {
      data.socket().connect(active, limit);
      return data;
    } catch (IOException failure) {
      data.close();
      throw failure;
    }
  }

  private void forgetDataAddress() throws IOException {
    active = null;
    if (passive != null) {
      passive.close();
      passive = null;
    }
  }
}
