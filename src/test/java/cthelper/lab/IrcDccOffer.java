package cthelper.lab;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A line of IRC that offers a file by DCC: whoever wants it connects to the sender's port. The
 * address is written as one decimal number; IPv4 only.
 */
public final class IrcDccOffer {

  private IrcDccOffer() {}

  /** For example {@code PRIVMSG bob :␁DCC SEND payload 174195970 40000 1000␁}. */
  public static String text(InetAddress sender, int port) {
    long number = Integer.toUnsignedLong(ByteBuffer.wrap(sender.getAddress()).getInt());
    return "PRIVMSG bob :\u0001DCC SEND payload %d %d 1000\u0001\r\n".formatted(number, port);
  }
}
