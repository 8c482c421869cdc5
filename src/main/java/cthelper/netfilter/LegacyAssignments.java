package cthelper.netfilter;

import cthelper.model.AddressFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks for the {@code raw} tables of iptables-legacy in the namespace of the calling thread.
 *
 * <p>Asking for a table that is not there would make it, and with it work for every packet: so
 * {@code /proc} is read first. Source: {@code linux/netfilter_ipv4/ip_tables.h} and {@code
 * netfilter_ipv6/ip6_tables.h}, {@code ip_tables.c}.
 */
final class LegacyAssignments {

  /** Not /proc/self, which is where the process' main thread is. */
  private static final String PROC = "/proc/thread-self/net/";

  private static final String TABLE = "raw";
  private static final int NAME_BYTES = 32;
  private static final int INFO_BYTES = 84;
  private static final int INFO_SIZE = 80;
  private static final int ENTRIES_BYTES = 40;

  /** Some 100,000 rules; only a limit. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  /** Somebody may change the table between the question for its size and the one for its rules. */
  private static final int ATTEMPTS = 20;

  private final SystemCalls calls;
  private final AddressFamily family;

  private LegacyAssignments(SystemCalls calls, AddressFamily family) {
    this.calls = calls;
    this.family = family;
  }

  /**
   * Reads both families.
   *
   * @param cookie the namespace that is meant
   */
  static LegacyReading read(SystemCalls calls, long cookie) {
    try {
      if (cookieHere(calls) != cookie) {
        return new LegacyReading.Gone();
      }
      List<ForeignAssignment> assignments = new ArrayList<>();
      for (AddressFamily family : AddressFamily.values()) {
        assignments.addAll(new LegacyAssignments(calls, family).read());
      }
      return new LegacyReading.Read(assignments);
    } catch (SystemCallException e) {
      return new LegacyReading.Failed(e.errno(), "iptables-legacy: " + e.getMessage());
    } catch (MalformedNetlinkException e) {
      return new LegacyReading.Failed(Errno.EBADMSG, "iptables-legacy: " + e.getMessage());
    }
  }

  private static long cookieHere(SystemCalls calls) {
    int socket = calls.socket(Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
    try {
      return calls.longSocketOption(socket, Linux.SOL_SOCKET, Linux.SO_NETNS_COOKIE);
    } finally {
      calls.close(socket);
    }
  }

  private List<ForeignAssignment> read() {
    if (!isThere()) {
      return List.of();
    }
    int domain = family == AddressFamily.IPV4 ? Linux.AF_INET : Linux.AF_INET6;
    int socket = calls.socket(domain, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
    try {
      for (int attempt = 1; ; attempt++) {
        byte[] info = ask(socket, Linux.XT_GET_INFO, question(INFO_BYTES));
        Optional<byte[]> entries = entries(socket, info);
        if (entries.isPresent()) {
          return new LegacyTable(family, info, entries.get()).assignments();
        }
        if (attempt == ATTEMPTS) {
          throw new SystemCallException("getsockopt", Errno.EAGAIN);
        }
      }
    } finally {
      calls.close(socket);
    }
  }

  /** A kernel without iptables-legacy has no such file. */
  private boolean isThere() {
    String path = PROC + (family == AddressFamily.IPV4 ? "ip_tables_names" : "ip6_tables_names");
    int file;
    try {
      file = calls.open(path, Linux.O_RDONLY | Linux.O_CLOEXEC);
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
    try {
      byte[] names = calls.read(file).orElseGet(() -> new byte[0]);
      return new String(names, StandardCharsets.UTF_8).lines().anyMatch(TABLE::equals);
    } finally {
      calls.close(file);
    }
  }

  /** Empty when the table has another size by now. */
  private Optional<byte[]> entries(int socket, byte[] info) {
    if (info.length != INFO_BYTES) {
      throw new MalformedNetlinkException("%d octets about a table".formatted(info.length));
    }
    int size = host(info).getInt(INFO_SIZE);
    if (size < 0 || size > MOST_BYTES) {
      throw new MalformedNetlinkException("a table of %d octets".formatted(size));
    }
    byte[] question = question(ENTRIES_BYTES + size);
    host(question).putInt(NAME_BYTES, size);
    try {
      return Optional.of(ask(socket, Linux.XT_GET_ENTRIES, question));
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private byte[] ask(int socket, int option, byte[] question) {
    int level = family == AddressFamily.IPV4 ? Linux.SOL_IP : Linux.SOL_IPV6;
    return calls.socketOption(socket, level, option, question);
  }

  private static byte[] question(int length) {
    byte[] question = new byte[length];
    byte[] name = TABLE.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, question, 0, name.length);
    return question;
  }

  private static ByteBuffer host(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
