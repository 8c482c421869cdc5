package cthelper.model;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All helpers of a router at a fence. Immutable, ordered by protocol and port.
 *
 * <p>An empty list is the desired state of a router without helpers and of a deleted one: nothing
 * of ours is to remain in its namespaces (forget).
 */
public record DesiredState(RouterId router, Fence fence, List<DesiredHelper> helpers) {

  public DesiredState {
    helpers = helpers.stream().sorted(Comparator.comparing(DesiredHelper::spec)).toList();
    Set<String> ports = new HashSet<>();
    for (DesiredHelper helper : helpers) {
      if (!ports.add(helper.spec().protocol() + "." + helper.spec().port())) {
        throw new IllegalArgumentException("two helpers of router " + router + " for one port");
      }
    }
  }

  /** Whether nothing of ours is to remain. */
  public boolean isEmpty() {
    return helpers.isEmpty();
  }
}
