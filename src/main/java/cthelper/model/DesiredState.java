package cthelper.model;

import java.util.Comparator;
import java.util.List;

/**
 * All helpers of a router at a fence. Immutable, ordered by protocol and port.
 *
 * <p>An empty list is the desired state of a router without helpers and of a deleted one: nothing
 * of ours is to remain in its namespaces (forget).
 */
public record DesiredState(RouterId router, Fence fence, List<DesiredHelper> helpers) {

  public DesiredState {
    helpers = helpers.stream().sorted(Comparator.comparing(DesiredHelper::spec)).toList();
    for (int i = 1; i < helpers.size(); i++) {
      if (helpers.get(i).spec().hasPortOf(helpers.get(i - 1).spec())) {
        throw new IllegalArgumentException("two helpers of router " + router + " for one port");
      }
    }
  }

  /** Whether nothing of ours is to remain. */
  public boolean isEmpty() {
    return helpers.isEmpty();
  }
}
