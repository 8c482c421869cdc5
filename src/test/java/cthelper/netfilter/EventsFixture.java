package cthelper.netfilter;

import cthelper.model.DesiredHelper;
import cthelper.netfilter.TableReading.Changeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Namespaces, sockets in them and whatever else a test of events opens; all of it is closed. */
final class EventsFixture implements AutoCloseable {

  private final HelperTable table = new HelperTable(KernelFixture.INSTALLATION);
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private long fence;

  /** Runs this at the end, before what was to be run earlier. */
  void atEnd(Runnable end) {
    ends.push(end);
  }

  TestNamespace namespace() {
    TestNamespace namespace = TestNamespace.create();
    atEnd(namespace::close);
    return namespace;
  }

  NamespaceDoor door(SystemCalls calls) {
    NamespaceDoor door = new NamespaceDoor(calls);
    atEnd(door::close);
    return door;
  }

  /** A door whose namespaces are listened to. */
  NamespaceDoor listen(SystemCalls calls, RulesetEvents.Listener listener) {
    NamespaceDoor door = door(calls);
    atEnd(RulesetEvents.start(calls, door, listener)::close);
    return door;
  }

  NamespaceSocket open(NamespaceDoor door, TestNamespace namespace) {
    NamespaceSocket socket = ((Opening.Opened) door.open(namespace.path())).socket();
    atEnd(socket::close);
    return socket;
  }

  /** Makes our table hold these helpers, in one commit. */
  void write(NamespaceSocket socket, DesiredHelper... helpers) {
    fence++;
    CommitResult result =
        table.write(
            socket,
            (Changeable) table.read(socket),
            KernelFixture.fence(fence),
            List.of(helpers),
            false);
    if (!(result instanceof CommitResult.Committed)) {
      throw new AssertionError(result);
    }
  }

  /** How many sockets and eventfds this process has. */
  static long openDescriptors() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.map(EventsFixture::target).filter(EventsFixture::isOurKind).count();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  private static boolean isOurKind(String target) {
    return target.startsWith("socket:") || target.equals("anon_inode:[eventfd]");
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
