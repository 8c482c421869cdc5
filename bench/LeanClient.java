import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * An HTTP/1.1 client that takes as little of the measured machine as it can: one kept connection to
 * each server for each of its threads, a request in one write.
 */
final class LeanClient {

  private static final long LONGEST_REST_NANOS = 2_000_000_000L;

  /** What one thread talks through, by server. */
  private static final ThreadLocal<Map<String, LeanClient>> OF_THREAD =
      ThreadLocal.withInitial(HashMap::new);

  private final Socket socket;
  private final InputStream in;
  private long used;

  private LeanClient(URI base) throws IOException {
    used = System.nanoTime();
    socket = new Socket(base.getHost(), base.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream(), 16_384);
  }

  /**
   * Sends a request and returns the body of its answer.
   *
   * @throws IllegalStateException if the answer's status is another than {@code expected}
   */
  static String send(String method, String url, String body, int expected) throws IOException {
    URI uri = URI.create(url);
    LeanClient client = OF_THREAD.get().get(uri.getAuthority());
    if (client == null || client.isStale()) {
      client = new LeanClient(uri);
      OF_THREAD.get().put(uri.getAuthority(), client);
    }
    try {
      return client.exchange(method, uri, body, expected);
    } catch (IOException | IllegalStateException broken) {
      OF_THREAD.get().remove(uri.getAuthority());
      client.socket.close();
      throw broken;
    }
  }

  /** Not used for so long that the server may have closed it. */
  private boolean isStale() {
    return System.nanoTime() - used > LONGEST_REST_NANOS;
  }

  private String exchange(String method, URI uri, String body, int expected) throws IOException {
    byte[] content = body.getBytes(UTF_8);
    String head =
        method
            + " "
            + uri.getRawPath()
            + " HTTP/1.1\r\nHost: "
            + uri.getAuthority()
            + "\r\n"
            + (content.length == 0 ? "" : "Content-Type: application/json\r\n")
            + "Content-Length: "
            + content.length
            + "\r\n\r\n";
    byte[] request = new byte[head.length() + content.length];
    System.arraycopy(head.getBytes(ISO_8859_1), 0, request, 0, head.length());
    System.arraycopy(content, 0, request, head.length(), content.length);
    socket.getOutputStream().write(request);
    int status = Integer.parseInt(line().substring(9, 12));
    int length = -1; // chunked
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    String answer = new String(length < 0 ? chunks() : in.readNBytes(length), UTF_8);
    used = System.nanoTime();
    if (status != expected) {
      throw new IllegalStateException(
          "answered " + status + ": " + method + " " + uri + " " + answer);
    }
    return answer;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = size(); size > 0; size = size()) {
      all.write(in.readNBytes(size));
      line();
    }
    line();
    return all.toByteArray();
  }

  private int size() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
