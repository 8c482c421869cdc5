package cthelper.netfilter;

import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import cthelper.netfilter.TableReading.Changeable;
import cthelper.netfilter.TableReading.Ours;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A namespace of its own for one test, a socket in it and our table's code.
 *
 * <p>Plan of all tests: installation 7c1f…; conntrack helper 0a… is ftp at 21, 0b… tftp at 69, 0c…
 * sip over udp at 5060; fences are of epoch 1.
 */
final class KernelFixture implements AutoCloseable {

  static final UUID INSTALLATION = UUID.fromString("7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11");
  static final DesiredHelper FTP =
      helper("0a000000-0000-4000-8000-000000000001", "ftp", Protocol.TCP, 21);
  static final DesiredHelper TFTP =
      helper("0b000000-0000-4000-8000-000000000002", "tftp", Protocol.UDP, 69);
  static final DesiredHelper SIP =
      helper("0c000000-0000-4000-8000-000000000003", "sip", Protocol.UDP, 5060);

  private final TestNamespace namespace = TestNamespace.create();
  private final NamespaceDoor door;
  private final HelperTable table = new HelperTable(INSTALLATION);
  private final List<NamespaceSocket> sockets = new ArrayList<>();
  private final NamespaceSocket socket;

  KernelFixture() {
    this(new LinuxSystemCalls());
  }

  KernelFixture(SystemCalls calls) {
    door = new NamespaceDoor(calls);
    socket = openSocket();
  }

  static Fence fence(long number) {
    return new Fence(INSTALLATION, 1, number);
  }

  static DesiredHelper helper(String id, String name, Protocol protocol, int port) {
    HelperType type = HelperCatalog.find(name, protocol).orElseThrow();
    return new DesiredHelper(UUID.fromString(id), 1, new HelperSpec(type, port));
  }

  TestNamespace namespace() {
    return namespace;
  }

  NamespaceSocket socket() {
    return socket;
  }

  HelperTable table() {
    return table;
  }

  /** Another socket in the same namespace, as another process would have it. */
  NamespaceSocket openSocket() {
    NamespaceSocket opened = ((Opening.Opened) door.open(namespace.path())).socket();
    sockets.add(opened);
    return opened;
  }

  Changeable read() {
    return (Changeable) table.read(socket);
  }

  Ours readOurs() {
    return (Ours) table.read(socket);
  }

  CommitResult write(Fence next, DesiredHelper... helpers) {
    return table.write(socket, read(), next, List.of(helpers), false);
  }

  CommitResult writeAsOwner(NamespaceSocket owner, Fence next, DesiredHelper... helpers) {
    Changeable before = (Changeable) table.read(owner);
    return table.write(owner, before, next, List.of(helpers), true);
  }

  @Override
  public void close() {
    sockets.forEach(NamespaceSocket::close);
    door.close();
    namespace.close();
  }
}
