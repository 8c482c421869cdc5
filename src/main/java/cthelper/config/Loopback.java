package cthelper.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What cannot be reached from other machines. */
final class Loopback {

  private Loopback() {}

  /** Whether every address of this host is one; not of one that has none. */
  static boolean isAllOf(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
