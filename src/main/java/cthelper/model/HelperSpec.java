package cthelper.model;

/**
 * What is to be attached where: connections to this port of the type's protocol get the type's
 * helper.
 *
 * <p>Example: {@code ftp:tcp} at 2121. A spec that exists is one the kernel can be told: the type
 * is of the catalogue, the port is 1..65535. This is the last place where a wrong port could be
 * caught before the kernel; {@code api} says it in the wire's words first.
 */
public record HelperSpec(HelperType type, int port) implements Comparable<HelperSpec> {

  public static final int MIN_PORT = 1;
  public static final int MAX_PORT = 65535;

  public HelperSpec {
    if (port < MIN_PORT || port > MAX_PORT) {
      throw new IllegalArgumentException("not a port (1..65535): " + port);
    }
  }

  public Protocol protocol() {
    return type.protocol();
  }

  /** Whether both are about the same port, which the kernel can attach one helper to. */
  public boolean hasPortOf(HelperSpec other) {
    return port == other.port && protocol() == other.protocol();
  }

  /** By protocol number, then port: the order in which rules are written and listed. */
  @Override
  public int compareTo(HelperSpec other) {
    int byProtocol = Integer.compare(protocol().number(), other.protocol().number());
    int byPort = byProtocol != 0 ? byProtocol : Integer.compare(port, other.port);
    return byPort != 0 ? byPort : type.name().compareTo(other.type.name());
  }

  @Override
  public String toString() {
    return type + " at port " + port;
  }
}
