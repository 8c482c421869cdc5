package cthelper.lab;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A REGISTER of SIP (RFC 3261) and its answer: the client tells where it can be called. Connection
 * tracking then awaits a call from the server there, and the call inherits the helper.
 *
 * <p>Example: {@code new SipRegistration(client, server, 40000)} announces port 40000 of the
 * client's address, once both messages have passed.
 */
public record SipRegistration(InetSocketAddress client, InetAddress server, int announcedPort) {

  public String request() {
    return message(
        """
        REGISTER sip:%2$s SIP/2.0
        Via: SIP/2.0/UDP %1$s:%3$d;branch=z9hG4bK-2
        Max-Forwards: 70
        From: <sip:alice@%2$s>;tag=1
        To: <sip:alice@%2$s>
        Call-ID: 2@%1$s
        CSeq: 1 REGISTER
        Contact: <sip:alice@%1$s:%4$d>
        Expires: 300
        Content-Length: 0

        """);
  }

  public String answer() {
    return message(
        """
        SIP/2.0 200 OK
        Via: SIP/2.0/UDP %1$s:%3$d;branch=z9hG4bK-2
        From: <sip:alice@%2$s>;tag=1
        To: <sip:alice@%2$s>;tag=2
        Call-ID: 2@%1$s
        CSeq: 1 REGISTER
        Contact: <sip:alice@%1$s:%4$d>;expires=300
        Content-Length: 0

        """);
  }

  private String message(String lines) {
    return lines
        .formatted(
            client.getAddress().getHostAddress(),
            server.getHostAddress(),
            client.getPort(),
            announcedPort)
        .replace("\n", "\r\n");
  }
}
