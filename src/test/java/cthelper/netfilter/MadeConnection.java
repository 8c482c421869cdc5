package cthelper.netfilter;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A connection put into a namespace's connection tracking over netlink, without a packet: what
 * {@code conntrack -I} makes, which knows neither helpers nor masters.
 *
 * @param protocol 6 or 17
 * @param answeringPort of the destination, behind its translation by the router
 */
record MadeConnection(
    InetAddress source,
    InetAddress destination,
    int protocol,
    int sourcePort,
    int destinationPort,
    int answeringPort,
    Optional<String> helper,
    int zone,
    Optional<MadeConnection> master) {

  private static final int TCP = 6;

  // linux/nfnetlink_conntrack.h
  private static final int REPLY = 2;
  private static final int PROTOCOL_STATE = 4;
  private static final int TIMEOUT = 7;
  private static final int SOURCE_PORT = 2;
  private static final int EXPECTATION_MASK = 3;
  private static final int EXPECTATION_TIMEOUT = 4;

  private static final int SECONDS = 300;
  private static final int CONFIRMED_REPLIED_ASSURED = 0xe;
  private static final int ESTABLISHED = 3;
  private static final InetAddress ALL_BITS = InetAddress.ofLiteral("255.255.255.255");

  /** From 10.98.1.2 to 10.98.2.2, without helper. */
  static MadeConnection ipv4(int protocol, int sourcePort, int destinationPort) {
    return between(
        InetAddress.ofLiteral("10.98.1.2"),
        InetAddress.ofLiteral("10.98.2.2"),
        protocol,
        sourcePort,
        destinationPort);
  }

  /**
   * The same connection with a helper.
   *
   * @param kernelName for example {@code Q.931}
   */
  MadeConnection withHelper(String kernelName) {
    return with(answeringPort, Optional.of(kernelName), zone, master);
  }

  MadeConnection translatedTo(int port) {
    return with(port, helper, zone, master);
  }

  MadeConnection inZone(int number) {
    return with(answeringPort, helper, number, master);
  }

  MadeConnection announcedBy(MadeConnection announcer) {
    return with(answeringPort, helper, zone, Optional.of(announcer));
  }

  /** As the {@code conntrack} program prints it, for example {@code sport=42448 dport=21}. */
  String ports() {
    return "sport=%d dport=%d ".formatted(sourcePort, destinationPort);
  }

  static void make(NamespaceSocket socket, MadeConnection... connections) {
    order(socket, Stream.of(connections).map(MadeConnection::creation).toList());
  }

  /** Expects a connection in the other direction, from any port to this one. */
  void expect(NamespaceSocket socket, int port) {
    MadeConnection awaited = between(destination, source, protocol, 0, port);
    MadeConnection mask = between(ALL_BITS, ALL_BITS, protocol, 0, 0xffff);
    order(
        socket,
        List.of(
            NetlinkRequest.of(
                Ctnetlink.type(Ctnetlink.EXPECTATIONS, Ctnetlink.NEW),
                NetlinkRequest.FLAG_CREATE,
                family(),
                0,
                expectation ->
                    expectation
                        .nest(Ctnetlink.EXPECTATION_MASTER, this::writeOriginal)
                        .nest(Ctnetlink.EXPECTATION_TUPLE, awaited::writeOriginal)
                        .nest(EXPECTATION_MASK, mask::writeOriginal)
                        .integer(EXPECTATION_TIMEOUT, SECONDS))));
  }

  private NetlinkRequest creation() {
    return NetlinkRequest.of(
        Ctnetlink.type(Ctnetlink.CONNECTIONS, Ctnetlink.NEW),
        NetlinkRequest.FLAG_CREATE,
        family(),
        0,
        this::write);
  }

  private void write(NetlinkWriter connection) {
    connection
        .nest(Ctnetlink.ORIGINAL, this::writeOriginal)
        .nest(REPLY, this::writeReply)
        .integer(Ctnetlink.STATUS, CONFIRMED_REPLIED_ASSURED)
        .integer(TIMEOUT, SECONDS);
    if (protocol == TCP) {
      connection.nest(PROTOCOL_STATE, tcp -> tcp.nest(1, state -> state.octet(1, ESTABLISHED)));
    }
    helper.ifPresent(
        name -> connection.nest(Ctnetlink.HELP, help -> help.string(Ctnetlink.HELPER_NAME, name)));
    if (zone != 0) {
      connection.shortInteger(Ctnetlink.ZONE, zone);
    }
    master.ifPresent(announcer -> connection.nest(Ctnetlink.MASTER, announcer::writeOriginal));
  }

  private void writeOriginal(NetlinkWriter tuple) {
    writeTuple(tuple, source, destination, sourcePort, destinationPort);
  }

  private void writeReply(NetlinkWriter tuple) {
    writeTuple(tuple, destination, source, answeringPort, sourcePort);
  }

  private void writeTuple(
      NetlinkWriter tuple, InetAddress from, InetAddress to, int fromPort, int toPort) {
    boolean isIpv4 = from instanceof Inet4Address;
    Consumer<NetlinkWriter> addresses =
        ip -> ip.bytes(isIpv4 ? 1 : 3, from.getAddress()).bytes(isIpv4 ? 2 : 4, to.getAddress());
    tuple
        .nest(Ctnetlink.TUPLE_ADDRESSES, addresses)
        .nest(
            Ctnetlink.TUPLE_PROTOCOL,
            ports ->
                ports
                    .octet(Ctnetlink.PROTOCOL_NUMBER, protocol)
                    .shortInteger(SOURCE_PORT, fromPort)
                    .shortInteger(Ctnetlink.DESTINATION_PORT, toPort));
  }

  private int family() {
    return source instanceof Inet4Address ? 2 : 10;
  }

  private static MadeConnection between(
      InetAddress one, InetAddress other, int protocol, int sourcePort, int port) {
    return new MadeConnection(
        one, other, protocol, sourcePort, port, port, Optional.empty(), 0, Optional.empty());
  }

  private MadeConnection with(
      int newAnsweringPort,
      Optional<String> newHelper,
      int newZone,
      Optional<MadeConnection> newMaster) {
    return new MadeConnection(
        source,
        destination,
        protocol,
        sourcePort,
        destinationPort,
        newAnsweringPort,
        newHelper,
        newZone,
        newMaster);
  }

  /** Only what is refused is answered. */
  private static void order(NamespaceSocket socket, List<NetlinkRequest> requests) {
    if (!(socket.exchange(requests) instanceof Exchange.Answered(int _, var refusals))
        || !refusals.isEmpty()) {
      throw new AssertionError("the kernel does not make them all");
    }
  }
}
