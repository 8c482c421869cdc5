package cthelper.lab;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How FTP writes the address of a data connection.
 *
 * <ul>
 *   <li>{@code 10,98,2,2,156,64} in PORT and in the answer to PASV (RFC 959), IPv4 only
 *   <li>{@code |2|fd98:0:0:2::2|40000|} in EPRT (RFC 2428), 1 for IPv4 and 2 for IPv6
 *   <li>{@code |||40000|} in the answer to EPSV (RFC 2428)
 * </ul>
 */
final class FtpAddress {

  private static final Pattern SIX_NUMBERS =
      Pattern.compile("(\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)");
  private static final Pattern EXTENDED = Pattern.compile("\\|[12]\\|([^|]+)\\|(\\d+)\\|");
  private static final Pattern EXTENDED_PORT = Pattern.compile("\\|\\|\\|(\\d+)\\|");

  private FtpAddress() {}

  static boolean isIpv4(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address;
  }

  static String sixNumbers(InetSocketAddress address) {
    return "%s,%d,%d"
        .formatted(
            address.getAddress().getHostAddress().replace('.', ','),
            address.getPort() / 256,
            address.getPort() % 256);
  }

  static InetSocketAddress readSixNumbers(String text) {
    Matcher numbers = find(SIX_NUMBERS, text);
    String host =
        String.join(".", numbers.group(1), numbers.group(2), numbers.group(3), numbers.group(4));
    int port = Integer.parseInt(numbers.group(5)) * 256 + Integer.parseInt(numbers.group(6));
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  static String extended(InetSocketAddress address) {
    return "|%d|%s|%d|"
        .formatted(
            isIpv4(address) ? 1 : 2, address.getAddress().getHostAddress(), address.getPort());
  }

  static InetSocketAddress readExtended(String text) {
    Matcher parts = find(EXTENDED, text);
    return new InetSocketAddress(
        InetAddress.ofLiteral(parts.group(1)), Integer.parseInt(parts.group(2)));
  }

  static String extendedPort(int port) {
    return "|||%d|".formatted(port);
  }

  static int readExtendedPort(String text) {
    return Integer.parseInt(find(EXTENDED_PORT, text).group(1));
  }

  private static Matcher find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no FTP address in: " + text);
    }
    return matcher;
  }
}
