package cthelper.lab;

import cthelper.lab.TransferResult.NoData;
import cthelper.lab.TransferResult.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A logged-in FTP control connection of a client, for tests that look at the kernel while it is
 * open or transfer over it several times; {@link FtpTransfer} is the short form.
 *
 * <p>The family of the server's address decides the commands: PASV and PORT over IPv4, EPSV and
 * EPRT over IPv6. Every method throws {@link UncheckedIOException} when the <em>control</em>
 * connection fails; a data connection that fails is a {@link NoData}.
 */
public final class FtpSession implements AutoCloseable {

  private static final Duration CONTROL_LIMIT = Duration.ofSeconds(3);

  /** A dropped packet means no answer at all, and the first repetition comes after a second. */
  private static final Duration DATA_LIMIT = Duration.ofMillis(700);

  private final LabNamespace namespace;
  private final InetSocketAddress server;
  private final SocketChannel control;
  private final FtpLines lines;

  private FtpSession(
      LabNamespace namespace, InetSocketAddress server, SocketChannel control, FtpLines lines) {
    this.namespace = namespace;
    this.server = server;
    this.control = control;
    this.lines = lines;
  }

  /** Connects from this namespace and logs in. */
  public static FtpSession open(LabNamespace namespace, InetSocketAddress server) {
    SocketChannel control = namespace.call(SocketChannel::open);
    try {
      control.socket().connect(server, (int) CONTROL_LIMIT.toMillis());
      FtpSession session =
          new FtpSession(namespace, server, control, new FtpLines(control, CONTROL_LIMIT));
      expect("220", session.answer());
      session.command("USER anonymous", "331");
      session.command("PASS guest@", "230");
      session.command("TYPE I", "200");
      return session;
    } catch (IOException | RuntimeException failure) {
      try {
        control.close();
      } catch (IOException alsoFailed) {
        failure.addSuppressed(alsoFailed);
      }
      throw broken(failure);
    }
  }

  /**
   * Asks for a passive data connection and returns where the server awaits it. From here on a
   * kernel with the helper expects that connection.
   */
  public InetSocketAddress offerPassive() {
    try {
      return FtpAddress.isIpv4(server)
          ? FtpAddress.readSixNumbers(command("PASV", "227"))
          : new InetSocketAddress(
              server.getAddress(), FtpAddress.readExtendedPort(command("EPSV", "229")));
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** Opens the data connection the server awaits and receives the file over it. */
  public TransferResult receiveFrom(InetSocketAddress offered) {
    try (SocketChannel data = namespace.call(SocketChannel::open)) {
      try {
        data.socket().connect(offered, (int) DATA_LIMIT.toMillis());
      } catch (SocketTimeoutException | SocketException failure) {
        return noData("data connection to %s: %s".formatted(offered, failure.getMessage()));
      }
      String answer = answerTo("RETR payload");
      return answer.startsWith("150") ? receive(data) : noData(answer);
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** One passive transfer. */
  public TransferResult passive() {
    return receiveFrom(offerPassive());
  }

  /** One active transfer: the server opens the data connection. */
  public TransferResult active() {
    try {
      InetAddress own = ((InetSocketAddress) control.getLocalAddress()).getAddress();
      try (ServerSocketChannel listener =
          namespace.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(own, 0)))) {
        InetSocketAddress awaited = (InetSocketAddress) listener.getLocalAddress();
        String accepted =
            answerTo(
                FtpAddress.isIpv4(awaited)
                    ? "PORT " + FtpAddress.sixNumbers(awaited)
                    : "EPRT " + FtpAddress.extended(awaited));
        if (!accepted.startsWith("200")) { // for example: that is not the address you come from
          return noData(accepted);
        }
        String answer = answerTo("RETR payload");
        return answer.startsWith("150") ? acceptAndReceive(listener) : noData(answer);
      }
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** Returns only if the control connection answers. */
  public void confirmControl() {
    try {
      command("NOOP", "200");
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** Says QUIT and closes. */
  @Override
  public void close() {
    try (control) {
      command("QUIT", "221");
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  private TransferResult acceptAndReceive(ServerSocketChannel listener) throws IOException {
    listener.socket().setSoTimeout((int) DATA_LIMIT.toMillis());
    try (SocketChannel data = listener.socket().accept().getChannel()) {
      return receive(data);
    } catch (SocketTimeoutException silence) {
      return noData("no data connection from the server: " + answer());
    }
  }

  private TransferResult receive(SocketChannel data) throws IOException {
    data.socket().setSoTimeout((int) CONTROL_LIMIT.toMillis());
    byte[] bytes;
    try {
      bytes = data.socket().getInputStream().readAllBytes();
    } catch (IOException failure) {
      return noData("data connection broke: %s; %s".formatted(failure.getMessage(), answer()));
    }
    expect("226", answer());
    return new Received(Payload.of(bytes));
  }

  private NoData noData(String reason) {
    confirmControl();
    return new NoData(reason);
  }

  private String command(String line, String expectedCode) throws IOException {
    return expect(expectedCode, answerTo(line));
  }

  private String answerTo(String line) throws IOException {
    lines.write(line);
    return answer();
  }

  /** The last line of an answer: {@code 220-} is followed by more, {@code 220 } is not. */
  private String answer() throws IOException {
    String line = lines.read();
    while (!line.matches("\\d{3} .*")) {
      line = lines.read();
    }
    return line;
  }

  private static String expect(String code, String answer) throws IOException {
    if (!answer.startsWith(code)) {
      throw new IOException("expected %s, was answered: %s".formatted(code, answer));
    }
    return answer;
  }

  private static RuntimeException broken(Exception failure) {
    return switch (failure) {
      case RuntimeException unchecked -> unchecked;
      case IOException checked ->
          new UncheckedIOException("control connection: " + checked.getMessage(), checked);
      default -> new IllegalStateException(failure);
    };
  }
}
