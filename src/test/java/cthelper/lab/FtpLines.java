package cthelper.lab;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The lines of an FTP control connection, either end. A line leaves in one write, hence in one
 * packet: the kernel's helper reads a command or answer only where a packet ends with a newline.
 */
final class FtpLines {

  private final SocketChannel channel;
  private final BufferedReader reader;

  /** Reading waits for a line no longer than the limit; writing never waits for more. */
  FtpLines(SocketChannel channel, Duration limit) throws IOException {
    this.channel = channel;
    channel.socket().setTcpNoDelay(true);
    channel.socket().setSoTimeout((int) limit.toMillis());
    this.reader =
        new BufferedReader(
            new InputStreamReader(channel.socket().getInputStream(), StandardCharsets.US_ASCII));
  }

  void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  String read() throws IOException {
    String line = reader.readLine();
    if (line == null) {
      throw new EOFException("the control connection was closed");
    }
    return line;
  }
}
