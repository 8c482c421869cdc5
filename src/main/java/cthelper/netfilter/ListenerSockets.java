package cthelper.netfilter;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of what hears the events of all namespaces ({@link AllNamespaces}). Opening them
 * needs CAP_NET_BROADCAST, using them does not: so they are handed over the execve(2) by which a
 * process gives that up, in the environment variable {@value #VARIABLE}, as {@code 12,13}.
 *
 * @param events a socket that hears the events
 * @param numbers a socket in the same namespace, which gives namespaces their numbers there
 */
public record ListenerSockets(int events, int numbers) {

  public static final String VARIABLE = "CONNTRACK_HELPER_LISTENER";

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}),(\\d{1,9})");

  /**
   * Opens them in a network namespace that nobody else uses and which they keep alive; empty when
   * the process may not.
   *
   * @throws SystemCallException when anything else fails; nothing stays open then
   */
  public static Optional<ListenerSockets> open(SystemCalls calls) {
    try (NamespaceDoor door = new NamespaceDoor(calls)) {
      return door.runHere(() -> openHere(calls));
    }
  }

  /** The same in the namespace of the calling thread. */
  static Optional<ListenerSockets> openHere(SystemCalls calls) {
    Optional<Integer> events = AllNamespaces.openEvents(calls);
    try {
      return events.map(
          socket -> new ListenerSockets(socket, NamespaceSocket.openRoute(calls).descriptor()));
    } catch (SystemCallException e) {
      events.ifPresent(calls::close);
      throw e;
    }
  }

  /** What was handed over to this process. */
  public static Optional<ListenerSockets> handedOver() {
    return handedOver(System.getenv());
  }

  static Optional<ListenerSockets> handedOver(Map<String, String> environment) {
    @Nullable String text = environment.get(VARIABLE);
    Matcher matcher = TEXT.matcher(text == null ? "" : text);
    return matcher.matches()
        ? Optional.of(
            new ListenerSockets(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return events + "," + numbers;
  }
}
