package cthelper.executor;

import cthelper.model.DesiredState;
import cthelper.model.Placement;
import cthelper.netfilter.HelperTable;
import cthelper.netfilter.TableReading;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Finds tables of ours that nobody has desired anything for since the namespace is here: those of
 * routers that were deleted while the node was away, for example. The control plane is told, which
 * alone knows whether the router exists. Thread-safe.
 *
 * @param installation of the control plane; empty while it is not known
 */
record Leftovers(Answers answers, Supplier<Optional<UUID>> installation) {

  /**
   * Looks into a namespace whose state is not confirmed.
   *
   * @param kept what was restored from this node's memory, if anything
   */
  void look(RouterNamespace namespace, Placement placement, Optional<DesiredState> kept) {
    Optional<UUID> whose =
        installation.get().or(() -> kept.map(state -> state.fence().installation()));
    if (answers.areHeard()
        && whose.isPresent()
        && new HelperTable(whose.get()).read(namespace.socket()) instanceof TableReading.Ours) {
      answers.unclaimed(placement);
    }
  }
}
