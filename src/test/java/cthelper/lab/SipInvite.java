package cthelper.lab;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * An INVITE of SIP (RFC 3261) with a session description (RFC 4566) that announces the caller's
 * port for sound: where the callee's RTP datagrams will come in.
 */
public final class SipInvite {

  private SipInvite() {}

  /** The whole message, for example over {@code udp} from 10.98.1.2, sound at its port 40000. */
  public static String text(
      String protocol, InetSocketAddress caller, InetAddress callee, int soundPort) {
    String description =
        """
        v=0
        o=alice 1 1 IN %1$s %2$s
        s=-
        c=IN %1$s %2$s
        t=0 0
        m=audio %3$d RTP/AVP 0
        """
            .formatted(
                FtpAddress.isIpv4(caller) ? "IP4" : "IP6",
                caller.getAddress().getHostAddress(),
                soundPort);
    String header =
        """
        INVITE sip:bob@%4$s SIP/2.0
        Via: SIP/2.0/%1$s %2$s:%3$d;branch=z9hG4bK-1
        Max-Forwards: 70
        From: <sip:alice@%2$s>;tag=1
        To: <sip:bob@%4$s>
        Call-ID: 1@%2$s
        CSeq: 1 INVITE
        Contact: <sip:alice@%2$s:%3$d>
        Content-Type: application/sdp
        Content-Length: %5$d

        """
            .formatted(
                protocol.toUpperCase(Locale.ROOT),
                host(caller.getAddress()),
                caller.getPort(),
                host(callee),
                withNetworkLines(description).length());
    return withNetworkLines(header) + withNetworkLines(description);
  }

  private static String withNetworkLines(String text) {
    return text.replace("\n", "\r\n");
  }

  private static String host(InetAddress address) {
    String literal = address.getHostAddress();
    return literal.contains(":") ? "[" + literal + "]" : literal;
  }
}
