package cthelper.executor;

import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The router namespaces of this machine that are open, kept true while names come and go.
 *
 * <p>A name shows up before its namespace can be entered, so entering is tried again, from half a
 * millisecond up to a second apart, for as long as the name is there. A name that is there already
 * may stand for another namespace by now: the cookie tells. Everything that changes the map runs on
 * one thread; reading it is free.
 */
final class RouterNamespaces {

  private static final Logger LOG = Logger.getLogger(RouterNamespaces.class);
  private static final Duration FIRST_RETRY = Duration.ofNanos(500_000);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);

  /** After so many tries (4 s) a person is told. */
  private static final int TRIES_BEFORE_SAYING = 14;

  /** What becomes of namespaces; called on the one thread. */
  interface Listener {
    Listener NOBODY =
        new Listener() {
          @Override
          public void appeared(RouterNamespace namespace) {}

          @Override
          public void vanished(RouterNamespace namespace) {}
        };

    void appeared(RouterNamespace namespace);

    void vanished(RouterNamespace namespace);
  }

  private final Path directory;
  private final NamespaceDoor door;
  private final NamespacesThread thread;
  private Listener listener = Listener.NOBODY;
  private final Map<String, RouterNamespace> open = new ConcurrentHashMap<>();

  /** The names that are there, each with the number of its last appearance. */
  private final Map<String, Long> names = new HashMap<>();

  private long appearances;

  /**
   * @param thread a single one; every method but {@link #find} and {@link #all} belongs on it
   */
  RouterNamespaces(Path directory, NamespaceDoor door, NamespacesThread thread) {
    this.directory = directory;
    this.door = door;
    this.thread = thread;
  }

  /** Whom to tell from now on. */
  void tell(Listener somebody) {
    listener = somebody;
  }

  /** The open namespace of this name; from any thread. */
  Optional<RouterNamespace> find(String name) {
    return Optional.ofNullable(open.get(name));
  }

  /** All that are open; from any thread. */
  List<RouterNamespace> all() {
    return List.copyOf(open.values());
  }

  /** The directory has exactly these names now. */
  void listed(Set<NamespaceName> listed) {
    Set<String> present = new HashSet<>();
    listed.forEach(name -> present.add(name.text()));
    Set.copyOf(names.keySet()).stream()
        .filter(name -> !present.contains(name))
        .forEach(this::vanished);
    listed.forEach(this::appeared);
  }

  /** The directory has this name (again). */
  void appeared(NamespaceName name) {
    appearances++;
    names.put(name.text(), appearances);
    enter(name, appearances, 1);
  }

  /** The directory has this name no more. */
  void vanished(String name) {
    names.remove(name);
    letGo(name);
  }

  /** Lets all of them go; their tables stay. */
  void close() {
    names.clear();
    open.values().forEach(RouterNamespace::close);
    open.clear();
  }

  private void enter(NamespaceName name, long appearance, int attempt) {
    if (!Objects.equals(names.get(name.text()), appearance)) {
      return; // vanished while we waited, or appeared again: then another try is on its way
    }
    switch (door.open(directory.resolve(name.text()))) {
      case Opening.Opened(NamespaceSocket socket) -> entered(new RouterNamespace(name, socket));
      case Opening.NotThere() ->
          LOG.debugf("namespace gone before it was entered namespace=%s", name);
      case Opening.NotYet() -> {
        letGo(name.text()); // what was mounted there before is not there any more
        tryAgain(name, appearance, attempt, "nothing is mounted there");
      }
      case Opening.NotPermitted(String detail) -> tryAgain(name, appearance, attempt, detail);
      case Opening.Failed(var _, String detail) -> tryAgain(name, appearance, attempt, detail);
    }
  }

  private void entered(RouterNamespace namespace) {
    String name = namespace.name().text();
    RouterNamespace known = open.get(name);
    if (known != null && known.isSameAs(namespace)) {
      namespace.close();
      return;
    }
    open.put(name, namespace);
    if (known != null) {
      known.close();
    }
    listener.appeared(namespace);
  }

  private void letGo(String name) {
    RouterNamespace namespace = open.remove(name);
    if (namespace != null) {
      namespace.close();
      listener.vanished(namespace);
    }
  }

  private void tryAgain(NamespaceName name, long appearance, int attempt, String why) {
    if (attempt == TRIES_BEFORE_SAYING) {
      LOG.warnf(
          "namespace cannot be entered namespace=%s reason=namespace-not-enterable detail=\"%s\";"
              + " trying every second",
          name, why);
    }
    Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(attempt - 1, 20));
    thread.runAfter(
        delay.compareTo(LONGEST_RETRY) < 0 ? delay : LONGEST_RETRY,
        () -> enter(name, appearance, attempt + 1));
  }
}
