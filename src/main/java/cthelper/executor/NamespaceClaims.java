package cthelper.executor;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * One namespace, one name: two routers on one table would undo each other's work, and this
 * process's own namespace is no router at all, but usually the machine's.
 *
 * <p>The first name that is open has the namespace; others wait, the longest waiting comes next.
 * Nothing is opened to know that: device and inode name a namespace as long as it is open. Costs
 * the same however many there are. Belongs on one thread.
 */
final class NamespaceClaims {

  private final NamespaceFile own = NamespaceFile.own();
  private final Map<NamespaceFile, NamespaceName> holders = new HashMap<>();
  private final Map<NamespaceFile, SequencedSet<NamespaceName>> waiting = new HashMap<>();
  private final Map<NamespaceName, NamespaceFile> waitsFor = new HashMap<>();

  /** Why this name may not stand for what it does, in words; empty when it may. */
  Optional<String> whyNot(NamespaceName name, NamespaceFile file) {
    forget(name);
    if (file.equals(own)) {
      return Optional.of("it is the network namespace this process itself runs in");
    }
    NamespaceName holder = holders.get(file);
    if (holder == null || holder.equals(name)) {
      return Optional.empty();
    }
    waiting.computeIfAbsent(file, any -> new LinkedHashSet<>()).add(name);
    waitsFor.put(name, file);
    return Optional.of("it is the same namespace as " + holder);
  }

  /** The namespace is open under this name from now on. */
  void hold(NamespaceName name, NamespaceFile file) {
    holders.put(file, name);
  }

  /**
   * The namespace is not open any more.
   *
   * @return whose turn it is to be tried
   */
  Optional<NamespaceName> release(NamespaceFile file) {
    holders.remove(file);
    Optional<NamespaceName> next = Optional.ofNullable(waiting.get(file)).map(it -> it.getFirst());
    next.ifPresent(this::forget);
    return next;
  }

  /** This name does not wait for any namespace. */
  void forget(NamespaceName name) {
    NamespaceFile file = waitsFor.remove(name);
    if (file != null) {
      waiting.computeIfPresent(
          file,
          (any, names) -> {
            names.remove(name);
            return names.isEmpty() ? null : names;
          });
    }
  }
}
