package cthelper.netfilter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which connections lose their helper when assignments are removed. Pure.
 *
 * <p>One that nobody announced loses it when protocol, port and helper are those of a removed
 * assignment. One that was announced has it from its master, since our assignments reach only
 * {@code ct state new}: it loses it because of the master, whether that is still there or not, and
 * so do those it announced itself. The kernel takes no helper off an announced connection (EBUSY),
 * hence it is deleted.
 */
record RevocationPlan(List<ConntrackEntry> detached, List<ConntrackEntry> deleted) {

  RevocationPlan {
    detached = List.copyOf(detached);
    deleted = List.copyOf(deleted);
  }

  /** Decides about connections that carry a helper. */
  static RevocationPlan of(Collection<ConntrackEntry> helped, RemovedAssignments removed) {
    List<ConntrackEntry> detached = new ArrayList<>();
    List<ConntrackEntry> announced = new ArrayList<>();
    for (ConntrackEntry connection : helped) {
      if (connection.master().isPresent()) {
        announced.add(connection);
      } else if (removed.gaveHelperTo(connection)) {
        detached.add(connection);
      }
    }
    return new RevocationPlan(detached, List.copyOf(heirs(announced, removed)));
  }

  private static Set<ConntrackEntry> heirs(
      List<ConntrackEntry> announced, RemovedAssignments removed) {
    Map<ConntrackTuple, List<ConntrackEntry>> byMaster =
        announced.stream()
            .collect(Collectors.groupingBy(connection -> connection.master().orElseThrow()));
    Set<ConntrackEntry> heirs = new LinkedHashSet<>();
    Deque<ConntrackEntry> next =
        new ArrayDeque<>(announced.stream().filter(removed::handedHelperTo).toList());
    while (!next.isEmpty()) {
      ConntrackEntry heir = next.remove();
      if (heirs.add(heir)) {
        byMaster.getOrDefault(heir.original(), List.of()).stream()
            .filter(child -> InheritedHelpers.canBeInherited(child.helper(), heir.helper()))
            .forEach(next::add);
      }
    }
    return heirs;
  }
}
