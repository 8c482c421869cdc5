package cthelper.netfilter;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way into network namespaces: opens a {@link NamespaceSocket} inside and stays outside, or
 * reads there what no kept socket tells.
 *
 * <p>Entering binds an operating-system thread, so one dedicated thread does it and returns to an
 * empty namespace of its own each time ({@link ParkedThread}); if it cannot, another one takes its
 * place. Works for root and for the root of a user namespace. Thread-safe; callers wait for each
 * other, some 50 µs each. Source: {@code setns(2)}, {@code network_namespaces(7)}.
 */
public final class NamespaceDoor implements AutoCloseable {

  private static final int NAMESPACE_FILE_FLAGS =
      Linux.O_RDONLY | Linux.O_CLOEXEC | Linux.O_NOFOLLOW | Linux.O_NONBLOCK;

  private final SystemCalls calls;
  private @Nullable ParkedThread thread;
  private EventSource events = EventSource.NONE;

  public NamespaceDoor(SystemCalls calls) {
    this.calls = calls;
  }

  /**
   * Opens a socket in the namespace mounted on this file, for example {@code
   * /run/netns/qrouter-5c9e…}. Symbolic links are not followed (ELOOP).
   */
  public synchronized Opening open(Path namespaceFile) {
    return opening(() ->
        inside(
            namespaceFile,
            descriptor -> NamespaceSocket.open(calls, cookie -> events.watch(descriptor, cookie))));
  }

  /**
   * Reads what rules of iptables-legacy do to new connections before our table sees them. They are
   * not part of nftables' ruleset, and their changes make no event. Makes no table where there is
   * none. Some 50 µs where none is; 100 with a few rules, 3,500 with 1,000.
   *
   * @param namespaceFile as for {@link #open}
   * @param cookie {@link NamespaceSocket#cookie} of the namespace that is meant
   */
  public synchronized LegacyReading readLegacy(Path namespaceFile, long cookie) {
    try {
      return inside(namespaceFile, _ -> LegacyAssignments.read(calls, cookie));
    } catch (SystemCallException e) {
      return switch (why(e)) {
        case Opening.NotThere(), Opening.NotYet() -> new LegacyReading.Gone();
        case Opening.NotPermitted(String detail) -> new LegacyReading.Failed(e.errno(), detail);
        case Opening.Opened(var _), Opening.Failed(var _, var _) ->
            new LegacyReading.Failed(e.errno(), e.getMessage());
      };
    }
  }

  /**
   * Opens a socket in the empty namespace of the door's own thread, for questions to the kernel.
   */
  public synchronized Opening openHere() {
    return opening(() -> runHere(() -> NamespaceSocket.open(calls)));
  }

  /**
   * Runs the errand on the thread that is in the door's own empty namespace, which nobody else
   * uses.
   *
   * @throws SystemCallException when there can be no such thread, or of the errand
   */
  synchronized <T> T runHere(Supplier<T> errand) {
    return thread().run(errand);
  }

  /** The namespaces of all sockets opened from now on are to be watched by this source. */
  synchronized void watchWith(EventSource source) {
    events = source;
  }

  /**
   * What this process lacks to enter and change network namespaces; empty when it lacks nothing.
   */
  public Optional<String> missingPrivilege() {
    return switch (openHere()) {
      case Opening.NotPermitted(String detail) -> Optional.of(detail);
      case Opening.Opened(NamespaceSocket socket) -> {
        try (socket) {
          yield mayChangeRules(socket)
              ? Optional.empty()
              : Optional.of("changing rules of network namespaces needs CAP_NET_ADMIN");
        }
      }
      case Opening.NotYet(), Opening.NotThere(), Opening.Failed(var _, var _) -> Optional.empty();
    };
  }

  private static boolean mayChangeRules(NamespaceSocket socket) {
    return !(socket.exchange(List.of(NftQueries.generation())) instanceof Exchange.Answered answered
        && answered
            .acknowledgementOf(0)
            .flatMap(Acknowledgement::error)
            .filter(Errno.EPERM::equals)
            .isPresent());
  }

  /** The door's thread ends; sockets stay open. */
  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.leave();
      thread = null;
    }
  }

  private ParkedThread thread() {
    ParkedThread current = thread;
    if (current == null || !current.isParked()) {
      current = new ParkedThread(calls);
      thread = current;
    }
    return current;
  }

  private <T> T inside(Path namespaceFile, IntFunction<T> visit) {
    ParkedThread parked = thread();
    return parked.run(() -> {
      int namespace = calls.open(namespaceFile.toString(), NAMESPACE_FILE_FLAGS);
      try {
        return parked.visit(namespace, () -> visit.apply(namespace));
      } finally {
        calls.close(namespace);
      }
    });
  }

  private static Opening opening(Supplier<NamespaceSocket> attempt) {
    try {
      return new Opening.Opened(attempt.get());
    } catch (SystemCallException e) {
      return why(e);
    }
  }

  private static Opening why(SystemCallException e) {
    String reason = e.call() + " " + e.errno().symbol();
    return switch (reason) {
      case "open ENOENT", "open ENOTDIR" -> new Opening.NotThere();
      // A file of ip-netns(8) has mode 000 until the namespace is mounted on it.
      case "open EACCES", "setns EINVAL" -> new Opening.NotYet();
      case "unshare EPERM", "setns EPERM" ->
          new Opening.NotPermitted(
              "entering network namespaces needs CAP_SYS_ADMIN (%s)".formatted(e.getMessage()));
      default -> new Opening.Failed(e.errno(), e.getMessage());
    };
  }
}
