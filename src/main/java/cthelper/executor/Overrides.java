package cthelper.executor;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.ObservedState.Held;
import cthelper.model.Quoted;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.netfilter.ForeignAssignment;
import cthelper.netfilter.ForeignAssignments;
import cthelper.netfilter.ForeignReading;
import cthelper.netfilter.LegacyReading;
import cthelper.netfilter.NamespaceDoor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Whether assignments of others come before ours: the first one a connection meets wins, so that a
 * helper the kernel holds may yet never be attached.
 *
 * <p>Rules of nftables are read again when somebody has changed them, those of iptables-legacy,
 * which cause no event, with every look around. One thread at a time for one namespace.
 *
 * @param directory of the namespaces
 */
record Overrides(NamespaceDoor door, Path directory) {

  private static final Logger LOG = Logger.getLogger(Overrides.class);

  /**
   * What is left of the verdicts: one that is surely overridden is refused, one that may be is
   * proven with a warning.
   *
   * @param held what our table was proven to hold
   * @param again whether others may have changed something since the last time
   */
  Held judge(RouterNamespace namespace, DesiredState desired, Held held, boolean again) {
    NamespaceHistory history = namespace.history();
    if (held.verdicts().isEmpty()) {
      return held;
    }
    if (again || history.others().isEmpty()) {
      read(namespace).ifPresent(history::others);
    }
    List<ForeignAssignment> others = history.others().orElse(List.of());
    if (others.isEmpty()) {
      return held;
    }
    Map<UUID, HelperSpec> specs = new HashMap<>();
    desired.helpers().forEach((DesiredHelper helper) -> specs.put(helper.id(), helper.spec()));
    return new Held(
        held.fence(),
        held.verdicts().stream()
            .map(verdict ->
                Optional.ofNullable(specs.get(verdict.helper()))
                    .map(spec -> judge(verdict, spec, others))
                    .orElse(verdict))
            .toList(),
        held.changed());
  }

  private static Verdict judge(Verdict verdict, HelperSpec spec, List<ForeignAssignment> others) {
    if (!verdict.proven()) {
      return verdict;
    }
    Optional<ForeignAssignment> sure =
        others.stream().filter(other -> other.overrides(spec)).findFirst();
    if (sure.isPresent()) {
      return verdict.refusedAs(Reason.OVERRIDDEN, saying(sure.get(), "comes first"));
    }
    return others.stream()
        .filter(other -> other.mayOverride(spec))
        .findFirst()
        .map(other -> verdict.warned(saying(other, "may come first for some connections")))
        .orElse(verdict);
  }

  private static String saying(ForeignAssignment other, String what) {
    String does =
        other.helper().equals(ForeignAssignment.NOTRACK)
            ? "keeps connections from being tracked"
            : "assigns " + (other.helper().isEmpty() ? "a helper" : Quoted.of(other.helper()));
    return "a rule of %s %s and %s".formatted(other.where(), does, what);
  }

  /** Empty when it could not be read: then what was known stays known. */
  private Optional<List<ForeignAssignment>> read(RouterNamespace namespace) {
    List<ForeignAssignment> others = new ArrayList<>();
    switch (ForeignAssignments.read(namespace.socket())) {
      case ForeignReading.Read read -> others.addAll(read.assignments());
      case ForeignReading.Contended _, ForeignReading.Failed _ -> {
        LOG.debugf("rules of others not read namespace=%s", namespace.name());
        return Optional.empty();
      }
    }
    switch (door.readLegacy(
        directory.resolve(namespace.name().text()), namespace.socket().cookie())) {
      case LegacyReading.Read read -> namespace.history().legacy(read.assignments());
      case LegacyReading.Gone _, LegacyReading.Failed _ ->
          LOG.debugf("rules of iptables-legacy not read namespace=%s", namespace.name());
    }
    others.addAll(namespace.history().legacy());
    return Optional.of(others);
  }
}
