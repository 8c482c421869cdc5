package cthelper.netfilter;

import java.util.Arrays;

/**
 * Addresses, protocol and ports by which connection tracking knows a connection: one direction of
 * it. Kept as the kernel wrote it and given back so, octet for octet.
 *
 * <p>Example: {@code { addresses { 10.98.1.2, 10.98.2.2 }, protocol { 6, 42448, 21 } }}. Equal when
 * addresses, protocol and ports are; a zone the kernel may have written besides does not count,
 * since the tuple of a master comes without. Immutable.
 */
final class ConntrackTuple {

  private final byte[] written;
  private final byte[] addresses;
  private final byte[] protocol;
  private final ConnectionTarget target;

  private ConntrackTuple(
      byte[] written, byte[] addresses, byte[] protocol, ConnectionTarget target) {
    this.written = written;
    this.addresses = addresses;
    this.protocol = protocol;
    this.target = target;
  }

  /**
   * Reads the nest.
   *
   * @throws MalformedNetlinkException when addresses or protocol are missing
   */
  static ConntrackTuple read(NetlinkAttribute tuple) {
    NetlinkAttributes parts = tuple.nest();
    NetlinkAttribute protocol = parts.get(Ctnetlink.TUPLE_PROTOCOL);
    NetlinkAttributes protocolParts = protocol.nest();
    int port =
        protocolParts
            .find(Ctnetlink.DESTINATION_PORT)
            .map(NetlinkAttribute::shortInteger)
            .orElse(0);
    return new ConntrackTuple(
        tuple.bytes(),
        parts.get(Ctnetlink.TUPLE_ADDRESSES).bytes(),
        protocol.bytes(),
        new ConnectionTarget(protocolParts.get(Ctnetlink.PROTOCOL_NUMBER).octet(), port));
  }

  ConnectionTarget target() {
    return target;
  }

  void write(NetlinkWriter writer, int type) {
    writer.bytes(type | NetlinkWriter.NESTED, written);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConntrackTuple tuple
        && Arrays.equals(addresses, tuple.addresses)
        && Arrays.equals(protocol, tuple.protocol);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(addresses) + Arrays.hashCode(protocol);
  }
}
