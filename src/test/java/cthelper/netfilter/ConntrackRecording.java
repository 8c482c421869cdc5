package cthelper.netfilter;

import cthelper.netfilter.RecordedSystemCalls.Answer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * What a kernel told of a namespace, in which these were made over netlink:
 *
 * <pre>
 * 10.98.1.2 → 10.98.2.2  tcp 42448 → 21    ftp    expects tcp 10.98.2.2 → 10.98.1.2 port 40000
 * fd98:1::2 → fd98:2::2  tcp 53416 → 21    ftp
 * 10.98.1.2 → 10.98.2.2  tcp 42449 → 2121  ftp    in zone 7
 * 10.98.1.2 → 10.98.2.2  udp  5000 → 53
 * 10.98.1.2 → 10.98.2.2  udp  5070 → 5060  sip
 * 10.98.2.2 → 10.98.1.2  udp  5099 → 5070  sip    announced by the one above
 * 10.98.1.2 → 10.98.2.2  udp  1719 → 1719  RAS
 * 10.98.1.2 → 10.98.2.2  tcp  4000 → 4001  Q.931  announced by the one above
 * </pre>
 */
final class ConntrackRecording {

  static final String STATISTICS = "answers/statistics";
  static final String CONNECTIONS = "answers/connections";
  static final String EXPECTATIONS = "answers/expectations";

  private static final int LENGTH_OFFSET = 0;
  private static final int SEQUENCE_OFFSET = 8;

  private ConntrackRecording() {}

  /** All that carry a helper. */
  static List<ConntrackEntry> helped() {
    return NetlinkMessage.readAll(GoldenBytes.of(CONNECTIONS)).stream()
        .filter(NetlinkMessage::isData)
        .map(ConntrackEntry::read)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The helped connection to this port; over IPv4 where there are two. */
  static ConntrackEntry to(int port) {
    return helped().stream()
        .filter(entry -> entry.original().target().port() == port)
        .min((one, other) -> one.family().compareTo(other.family()))
        .orElseThrow();
  }

  static ConntrackEntry toFtpOverIpv6() {
    return helped().stream()
        .filter(entry -> entry.original().target().port() == 21)
        .max((one, other) -> one.family().compareTo(other.family()))
        .orElseThrow();
  }

  static ConntrackExpectation expectation() {
    return ConntrackExpectation.read(
        NetlinkMessage.readAll(GoldenBytes.of(EXPECTATIONS)).getFirst());
  }

  /** A recorded datagram, as an answer to another request. */
  static byte[] datagram(String name, int sequence) {
    byte[] bytes = GoldenBytes.of(name);
    ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    for (int at = 0; at < bytes.length; at += datagram.getInt(at + LENGTH_OFFSET)) {
      datagram.putInt(at + SEQUENCE_OFFSET, sequence);
    }
    return bytes;
  }

  static Answer answer(String name, int sequence) {
    return Answer.datagram(datagram(name, sequence));
  }
}
