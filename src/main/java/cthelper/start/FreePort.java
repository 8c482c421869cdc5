package cthelper.start;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/**
 * Whether a port can be had, asked before anything slow is started. Somebody may still take it in
 * between; Quarkus then says so, only later.
 */
final class FreePort {

  private FreePort() {}

  /**
   * @param port 0 is any free one
   * @param setting the name of the setting that says it, for example {@code quarkus.http.port}
   * @throws StartRefused when it is taken or not ours to take
   */
  static void check(String host, int port, String setting) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (BindException e) {
      throw new StartRefused(
          "port "
              + port
              + " of "
              + host
              + " cannot be used ("
              + e.getMessage()
              + "): stop the program that has it, or set "
              + setting.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_")
              + " to another one",
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw new StartRefused("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
  }
}
