package cthelper.executor;

import cthelper.config.OpenFiles;
import cthelper.netfilter.Errno;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The router namespaces of this machine that are open, kept true while names come and go.
 *
 * <p>A name shows up before its namespace can be entered, so it is looked at again, from half a
 * millisecond up to a minute apart, for as long as it is there, and at once when something was
 * mounted. A name that is there already may stand for another namespace by now: its file tells, and
 * the cookie decides. Everything that changes the map runs on one thread; reading it is free.
 */
final class RouterNamespaces {

  /** After so many tries (at {@link EntryPace#NORMAL} 4 s) a person is told. */
  private static final int TRIES_BEFORE_SAYING = 14;

  /** What becomes of namespaces; called on the one thread. */
  interface Listener {
    void appeared(RouterNamespace namespace);

    void vanished(RouterNamespace namespace);
  }

  /**
   * A name that is there.
   *
   * @param number of its story: a later one ends the tries of an earlier one
   * @param seen what stood there when it was last tried; if it is open, that is what is open
   */
  private record Present(NamespaceName name, long number, Optional<NamespaceFile> seen) {}

  private final Path directory;
  private final NamespaceDoor door;
  private final TaskThread thread;
  private final EntryPace pace;
  private final DescriptorShortage shortage;
  private final NamespaceClaims claims = new NamespaceClaims();
  private final EntryStory story = new EntryStory();
  private final Map<String, RouterNamespace> open = new ConcurrentHashMap<>();
  private final Map<String, Present> names = new HashMap<>();
  private final Map<Integer, RouterNamespace> byNumber = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private long stories;
  private volatile NamespaceCounts counts = NamespaceCounts.NONE;

  /**
   * @param thread a single one; every method but {@link #find}, {@link #withNumber}, {@link #all}
   *     and {@link #counts} belongs on it
   * @param openFiles the limit of this process, as often as asked
   */
  RouterNamespaces(
      Path directory,
      NamespaceDoor door,
      TaskThread thread,
      Supplier<OpenFiles> openFiles,
      EntryPace pace) {
    this.directory = directory;
    this.door = door;
    this.thread = thread;
    this.pace = pace;
    this.shortage = new DescriptorShortage(openFiles, thread, pace.forDescriptors(), this::begin);
  }

  /** Whom to tell too from now on. */
  void tell(Listener somebody) {
    listeners.add(somebody);
  }

  /** Whom to tell no more. */
  void tellNoMore(Listener somebody) {
    listeners.remove(somebody);
  }

  /** The open namespace of this name; from any thread. */
  Optional<RouterNamespace> find(String name) {
    return Optional.ofNullable(open.get(name));
  }

  /** The open namespace whose events have this number; from any thread. */
  Optional<RouterNamespace> withNumber(int number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  /** All that are open; from any thread. */
  List<RouterNamespace> all() {
    return List.copyOf(open.values());
  }

  /** How many there are; from any thread. */
  NamespaceCounts counts() {
    return counts;
  }

  /** How many are not open only because the process may not open more files. */
  int waitingForDescriptors() {
    return shortage.waiting();
  }

  /** The directory has exactly these names now. */
  void listed(Set<NamespaceName> listed) {
    Set<String> present = new HashSet<>();
    listed.forEach(name -> present.add(name.text()));
    Set.copyOf(names.keySet()).stream()
        .filter(name -> !present.contains(name))
        .forEach(this::vanished);
    found(listed);
  }

  /** The directory has this name (again). Nothing happens if what stands there is as before. */
  void appeared(NamespaceName name) {
    Present known = names.get(name.text());
    if (known == null || !known.seen().equals(look(name))) {
      begin(name);
    }
  }

  /** The directory has this name no more. */
  void vanished(String name) {
    Present known = names.remove(name);
    if (known != null) {
      shortage.forget(known.name());
      claims.forget(known.name());
    }
    story.vanished(name);
    letGo(name);
    count();
  }

  /** The directory has at least these names, which may stand for something else now. */
  void found(Set<NamespaceName> some) {
    // Of two names of one namespace the same one has it after each start.
    some.stream().sorted(Comparator.comparing(NamespaceName::text)).forEach(this::appeared);
  }

  /** Lets all of them go; their tables stay. */
  void close() {
    names.clear();
    open.values().forEach(RouterNamespace::close);
    open.clear();
    byNumber.clear();
    count();
  }

  private Optional<NamespaceFile> look(NamespaceName name) {
    return NamespaceFile.at(directory.resolve(name.text()));
  }

  private void begin(NamespaceName name) {
    stories++;
    shortage.forget(name);
    names.put(name.text(), new Present(name, stories, Optional.empty()));
    enter(name, stories, 1);
  }

  private void enter(NamespaceName name, long number, int attempt) {
    Present known = names.get(name.text());
    if (known == null || known.number() != number) {
      return; // vanished while we waited, or became something else: then that is being tried
    }
    Optional<NamespaceFile> file = look(name);
    names.put(name.text(), new Present(name, number, file));
    Optional<String> trouble = file.flatMap(found -> tryToEnter(name, found));
    if (file.isEmpty() || trouble.isPresent()) {
      letGo(name.text()); // what stood there before does not any more
    }
    if (file.isEmpty()) {
      names.remove(name.text()); // to be met again as a new one, should it come back
    }
    trouble.ifPresent(why -> tryAgain(name, number, attempt, why));
    count();
  }

  private Optional<String> tryToEnter(NamespaceName name, NamespaceFile file) {
    return file.whyNot().or(() -> claims.whyNot(name, file)).or(() -> tryToOpen(name, file));
  }

  private void count() {
    counts = new NamespaceCounts(open.size(), names.size() - open.size());
  }

  /** What is the matter; empty when it is open, has vanished, or waits for a descriptor. */
  private Optional<String> tryToOpen(NamespaceName name, NamespaceFile file) {
    if (!open.containsKey(name.text()) && !shortage.leavesRoomBeside(open.size())) {
      shortage.add(name, open.size(), "the rest is kept for other uses");
      return Optional.empty();
    }
    return switch (door.open(directory.resolve(name.text()))) {
      case Opening.Opened(NamespaceSocket socket) -> {
        if (look(name).equals(Optional.of(file))) {
          entered(new RouterNamespace(name, file, socket));
          yield Optional.empty();
        }
        socket.close();
        yield Optional.of("it became something else while it was entered");
      }
      case Opening.NotThere() -> Optional.of("it was gone when it was to be opened");
      case Opening.NotYet() -> Optional.of("no network namespace is mounted there");
      case Opening.NotPermitted(String detail) -> Optional.of(detail);
      case Opening.Failed(Errno errno, String detail) when isForWantOfDescriptors(errno) -> {
        letGo(name.text());
        shortage.add(name, open.size(), detail);
        yield Optional.empty();
      }
      case Opening.Failed(var _, String detail) -> Optional.of(detail);
    };
  }

  private static boolean isForWantOfDescriptors(Errno errno) {
    return errno.equals(Errno.EMFILE) || errno.equals(Errno.ENFILE);
  }

  private void entered(RouterNamespace namespace) {
    String name = namespace.name().text();
    story.entered(name);
    RouterNamespace known = open.get(name);
    if (known != null && known.isSameAs(namespace)) {
      namespace.close();
      return;
    }
    open.put(name, namespace);
    namespace.number().ifPresent(number -> byNumber.put(number, namespace));
    claims.hold(namespace.name(), namespace.file());
    if (known != null) {
      close(known);
    }
    listeners.forEach(listener -> listener.appeared(namespace));
    if (known != null) {
      tryNextNameOf(known);
    }
  }

  private void letGo(String name) {
    RouterNamespace namespace = open.remove(name);
    if (namespace != null) {
      close(namespace);
      listeners.forEach(listener -> listener.vanished(namespace));
      tryNextNameOf(namespace);
    }
  }

  private void close(RouterNamespace namespace) {
    namespace.number().ifPresent(number -> byNumber.remove(number, namespace));
    namespace.close();
  }

  private void tryNextNameOf(RouterNamespace closed) {
    claims.release(closed.file()).ifPresent(this::begin);
  }

  private void tryAgain(NamespaceName name, long number, int attempt, String why) {
    if (attempt >= TRIES_BEFORE_SAYING) {
      story.cannotEnter(name.text(), why);
    }
    thread.runAfter(pace.after(attempt), () -> enter(name, number, attempt + 1));
  }
}
