package cthelper.netfilter;

import cthelper.lab.LabNamespace;
import cthelper.model.HelperSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/**
 * What the kernel of a router's namespace holds, asked over netlink: for the demo, which must not
 * need {@code nft} or {@code conntrack}. Tests look with those instead, see {@link
 * cthelper.lab.Conntrack}.
 */
public final class RouterKernel implements AutoCloseable {

  private static final UUID NOBODY = new UUID(0, 0);

  private static final int CONNTRACK_EXPECTATIONS = 2; // NFNL_SUBSYS_CTNETLINK_EXP
  private static final int GET = 1; // IPCTNL_MSG_EXP_GET
  private static final int IPV4 = 2;
  private static final int TUPLE = 2; // CTA_EXPECT_TUPLE and so on: linux/nfnetlink_conntrack.h
  private static final int HELPER_NAME = 6;
  private static final int TUPLE_ADDRESSES = 1;
  private static final int TUPLE_PROTOCOL = 2;
  private static final int SOURCE_IPV4 = 1;
  private static final int DESTINATION_IPV4 = 2;
  private static final int DESTINATION_PORT = 3;

  private final NamespaceSocket socket;

  private RouterKernel(NamespaceSocket socket) {
    this.socket = socket;
  }

  /**
   * A connection that connection tracking awaits because a helper read its announcement.
   *
   * @param helper the kernel's name of the helper
   */
  public record Expectation(InetAddress source, InetSocketAddress destination, String helper) {}

  public static RouterKernel of(LabNamespace router) {
    return new RouterKernel(socketIn(router));
  }

  static NamespaceSocket socketIn(LabNamespace namespace) {
    try (NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls())) {
      return switch (door.open(namespace.path())) {
        case Opening.Opened(NamespaceSocket socket) -> socket;
        case Opening other -> throw new IllegalStateException(namespace.name() + ": " + other);
      };
    }
  }

  /** Whether there is a table of the service, whatever it holds. */
  public boolean hasTable() {
    return !(readAs(NOBODY) instanceof TableReading.Absent);
  }

  /** Which connections get a helper, and the id of the conntrack helper that says so. */
  public SortedMap<HelperSpec, UUID> assignments() {
    return switch (readAs(NOBODY)) {
      case TableReading.Foreign(var _, var installation) when installation.isPresent() ->
          assignmentsOf(installation.get());
      case TableReading other -> throw new IllegalStateException("no table of ours: " + other);
    };
  }

  private SortedMap<HelperSpec, UUID> assignmentsOf(UUID installation) {
    return switch (readAs(installation)) {
      case TableReading.Ours ours when ours.isIntact() -> ours.assignments();
      case TableReading other -> throw new IllegalStateException("not as it was made: " + other);
    };
  }

  private TableReading readAs(UUID installation) {
    return new HelperTable(installation).read(socket);
  }

  /** The IPv4 connections that are awaited now. */
  public List<Expectation> expectations() {
    NetlinkRequest question =
        NetlinkRequest.of(
            CONNTRACK_EXPECTATIONS << Byte.SIZE | GET,
            NetlinkRequest.FLAG_DUMP,
            IPV4,
            0,
            nothing -> {});
    if (socket.exchange(List.of(question)) instanceof Exchange.Answered answered
        && answered.isDone(0)) {
      List<Expectation> expectations = new ArrayList<>();
      answered.to(0).forEach(message -> expectations.add(expectation(message.attributes())));
      return expectations;
    }
    throw new IllegalStateException("the kernel does not tell its expectations");
  }

  private static Expectation expectation(NetlinkAttributes attributes) {
    NetlinkAttributes tuple = attributes.get(TUPLE).nest();
    NetlinkAttributes addresses = tuple.get(TUPLE_ADDRESSES).nest();
    int port = tuple.get(TUPLE_PROTOCOL).nest().get(DESTINATION_PORT).shortInteger();
    return new Expectation(
        address(addresses.get(SOURCE_IPV4)),
        new InetSocketAddress(address(addresses.get(DESTINATION_IPV4)), port),
        attributes.get(HELPER_NAME).string());
  }

  private static InetAddress address(NetlinkAttribute attribute) {
    try {
      return InetAddress.getByAddress(attribute.bytes());
    } catch (UnknownHostException wrongLength) {
      throw new MalformedNetlinkException("not an address: " + wrongLength.getMessage());
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
