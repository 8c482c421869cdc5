package cthelper.executor;

import cthelper.model.AddressFamily;
import cthelper.model.HelperType;
import cthelper.model.Quoted;
import cthelper.netfilter.KernelSupport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Which helper types this machine's kernel has. Asked at the start, and again when an absent one is
 * wanted and the last time is ten minutes ago, since modules can be loaded; and when the kernel
 * refuses one that was there, since they can be unloaded. Thread-safe.
 */
final class KernelHelpers {

  private static final Logger LOG = Logger.getLogger(KernelHelpers.class);
  private static final Duration BELIEVED = Duration.ofMinutes(10);

  /** Asking costs up to 16 ms, and many namespaces may be refused at once. */
  private static final Duration SHORTEST = Duration.ofSeconds(10);

  private final Supplier<KernelSupport> probe;
  private final Clock clock;
  private KernelSupport support;
  private Instant asked;

  /**
   * @param probe asks the kernel; costs up to 16 ms
   * @throws ExecutorUnavailable when the kernel cannot be asked
   */
  KernelHelpers(Supplier<KernelSupport> probe, Clock clock) {
    this.probe = probe;
    this.clock = clock;
    this.support = probe.get();
    this.asked = clock.instant();
  }

  /** The families the kernel has this helper type for; empty when it lacks it. */
  synchronized Set<AddressFamily> familiesOf(HelperType type) {
    Set<AddressFamily> families = known(type);
    if (families.isEmpty() && asked.plus(BELIEVED).isBefore(clock.instant())) {
      askAgain();
      return known(type);
    }
    return families;
  }

  /** What was known stays known when the kernel does not answer. */
  private void askAgain() {
    asked = clock.instant();
    try {
      support = probe.get();
    } catch (ExecutorUnavailable e) {
      LOG.warnf(
          "helpers of this kernel not asked again: %s", Quoted.of(String.valueOf(e.getMessage())));
    }
  }

  /**
   * The kernel has just said "no such helper" about one it was known to have: a module was
   * unloaded. Asked again, unless that was done a moment ago.
   */
  synchronized void doubt() {
    if (asked.plus(SHORTEST).isBefore(clock.instant())) {
      askAgain();
    }
  }

  /** All types of the catalogue with their families. */
  synchronized Map<HelperType, Set<AddressFamily>> all() {
    return support.families();
  }

  /** Whether tables can be owned by us and outlive us. */
  synchronized boolean canOwnTables() {
    return support.ownerPersist();
  }

  private Set<AddressFamily> known(HelperType type) {
    return support.families().getOrDefault(type, Set.of());
  }
}
