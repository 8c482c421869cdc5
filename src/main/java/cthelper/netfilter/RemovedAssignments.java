package cthelper.netfilter;

import cthelper.model.HelperSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Assignments that are no more, as connections show them: the kernel's names of the helpers removed
 * from each protocol and port. Pure.
 */
record RemovedAssignments(Map<ConnectionTarget, Set<String>> helpers) {

  RemovedAssignments {
    helpers = Map.copyOf(helpers);
  }

  static RemovedAssignments of(Set<HelperSpec> removed) {
    return new RemovedAssignments(
        removed.stream()
            .collect(
                Collectors.groupingBy(
                    ConnectionTarget::of,
                    Collectors.mapping(spec -> spec.type().kernelName(), Collectors.toSet()))));
  }

  /** Whether connections may carry a helper because of them that no rule assigned. */
  boolean mayBeInherited() {
    return helpers.values().stream().flatMap(Set::stream).anyMatch(InheritedHelpers::hasHeirs);
  }

  /** Whether this connection, which nobody announced, has its helper from one of them. */
  boolean gaveHelperTo(ConntrackEntry connection) {
    return at(connection.original()).contains(connection.helper());
  }

  /** Whether this connection has its helper from a master that has it from one of them. */
  boolean handedHelperTo(ConntrackEntry announced) {
    return announced.master().stream()
        .flatMap(master -> at(master).stream())
        .anyMatch(helper -> InheritedHelpers.canBeInherited(announced.helper(), helper));
  }

  /** Whether a helper they assigned expects this; its master may have lost it since. */
  boolean made(ConntrackExpectation expectation) {
    Set<String> removed = at(expectation.master());
    Optional<String> helper = expectation.helper();
    return helper.isPresent() ? removed.contains(helper.get()) : !removed.isEmpty();
  }

  private Set<String> at(ConntrackTuple tuple) {
    return helpers.getOrDefault(tuple.target(), Set.of());
  }
}
