package cthelper.executor;

import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.Placement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest desired state of each namespace of this node, by its name: what the executor repairs
 * from, and what it restores a namespace to that comes back while nobody can be asked.
 *
 * <p>A state is confirmed when the control plane has desired it since this process runs. One that
 * was only read from disk is not, and neither is one whose namespace went and came back: the router
 * may have been deleted meanwhile. Thread-safe.
 */
final class KeptStates {

  private record Kept(DesiredState state, boolean confirmed) {}

  private final Map<String, Kept> byNamespace = new HashMap<>();
  private long changes;

  /** The newest one, if it is for this router. */
  synchronized Optional<DesiredState> of(Placement placement) {
    return Optional.ofNullable(byNamespace.get(placement.namespace()))
        .map(Kept::state)
        .filter(state -> state.router().equals(placement.router()));
  }

  /** Whether the control plane has desired something for this namespace and it is still there. */
  synchronized boolean isConfirmed(Placement placement) {
    @Nullable Kept kept = byNamespace.get(placement.namespace());
    return kept != null && kept.confirmed;
  }

  /**
   * The control plane desires this. An older one than is known changes nothing; of two
   * installations the one that is known stays, until the kernel has shown that it {@link #held} the
   * other.
   *
   * @return what the namespace was to hold before and is not to hold any more
   */
  synchronized Set<HelperSpec> desired(Placement placement, DesiredState state) {
    @Nullable Kept known = byNamespace.get(placement.namespace());
    if (known == null
        || !known.state.router().equals(state.router())
        || (known.state.fence().isOfSameInstallation(state.fence())
            && !known.state.fence().isNewerThan(state.fence()))) {
      put(placement.namespace(), new Kept(state, true));
      Set<HelperSpec> dropped = new HashSet<>();
      if (known != null) {
        known.state.helpers().forEach(helper -> dropped.add(helper.spec()));
      }
      state.helpers().forEach(helper -> dropped.remove(helper.spec()));
      return dropped;
    }
    return Set.of();
  }

  /** The namespace holds this now. A state without helpers needs no keeping. */
  synchronized void held(Placement placement, DesiredState state) {
    if (!state.isEmpty()) {
      @Nullable Kept known = byNamespace.get(placement.namespace());
      if (known == null || !known.state.fence().isOfSameInstallation(state.fence())) {
        put(placement.namespace(), new Kept(state, true));
      }
      return;
    }
    byNamespace.computeIfPresent(
        placement.namespace(),
        (name, known) -> {
          boolean isNewer =
              known.state.fence().isOfSameInstallation(state.fence())
                  && known.state.fence().isNewerThan(state.fence());
          changes += isNewer ? 0 : 1;
          return isNewer ? known : null;
        });
  }

  /** The namespace has gone: what it is to hold stays known, but has to be confirmed again. */
  synchronized void vanished(String namespace) {
    byNamespace.computeIfPresent(namespace, (name, known) -> new Kept(known.state, false));
  }

  /** From disk: nothing that is known is changed. */
  synchronized void restore(String namespace, DesiredState state) {
    byNamespace.putIfAbsent(namespace, new Kept(state, false));
  }

  synchronized Map<String, DesiredState> all() {
    Map<String, DesiredState> all = new HashMap<>();
    byNamespace.forEach((namespace, kept) -> all.put(namespace, kept.state));
    return all;
  }

  /** Forgets a namespace, because nobody may want it any more. */
  synchronized void drop(String namespace) {
    if (byNamespace.remove(namespace) != null) {
      changes++;
    }
  }

  /** Rises with every change of {@link #all}. */
  synchronized long changes() {
    return changes;
  }

  private void put(String namespace, Kept kept) {
    @Nullable Kept known = byNamespace.put(namespace, kept);
    if (known == null || !known.state.equals(kept.state)) {
      changes++;
    }
  }
}
