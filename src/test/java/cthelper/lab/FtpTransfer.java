package cthelper.lab;

import java.net.InetSocketAddress;

/**
 * One FTP transfer over a new control connection, from connecting to QUIT.
 *
 * <p>Example: {@code FtpTransfer.passive(lab.client(), lab.serverIpv4(21))} is {@code Received(2000
 * bytes …)} or, after less than a second, {@code NoData(…)}. Either result means that the control
 * connection worked to its end; if it did not, {@link java.io.UncheckedIOException} is thrown.
 */
public final class FtpTransfer {

  private FtpTransfer() {}

  /** PASV over IPv4, EPSV over IPv6. */
  public static TransferResult passive(LabNamespace client, InetSocketAddress server) {
    try (FtpSession session = FtpSession.open(client, server)) {
      return session.passive();
    }
  }

  /** PORT over IPv4, EPRT over IPv6. */
  public static TransferResult active(LabNamespace client, InetSocketAddress server) {
    try (FtpSession session = FtpSession.open(client, server)) {
      return session.active();
    }
  }
}
