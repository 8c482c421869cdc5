package cthelper.store;

import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.model.PlacementView;
import cthelper.model.RouterId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where routers live, what is due there and what came of it: the reconciler's view of the database,
 * and the source of every status.
 *
 * <p>Thread-safe. Every method is one short transaction (a removal is followed by a second one that
 * purges tombstones) and may be called again with the same arguments. All times are the database's.
 * A lost database is an exception (see {@link DatabaseTrouble}).
 */
@ApplicationScoped
public class PlacementStore {

  private final Inventory inventory;
  private final DuePlacements duePlacements;
  private final Observations observations;
  private final PlacementViews views;
  private final RouterTombstones tombstones;

  PlacementStore(
      Inventory inventory,
      DuePlacements duePlacements,
      Observations observations,
      PlacementViews views,
      RouterTombstones tombstones) {
    this.inventory = inventory;
    this.duePlacements = duePlacements;
    this.observations = observations;
    this.views = views;
    this.tombstones = tombstones;
  }

  /** Which installation this database is; never changes. */
  public UUID installation() {
    return observations.installation();
  }

  /**
   * A node is here, alive for the time of the lease, and these are all its namespaces: placements
   * that are not among them go. Every one of them is due now and nothing is proven of it, so that
   * the first exchange is a full comparison.
   *
   * @param process drawn when the node's process started: with another one that has the same id, it
   *     will take turns
   * @return what its reports have to name; those of earlier sessions change nothing any more
   */
  public NodeSession connected(
      NodeIdentity node, UUID process, Duration lease, List<ReportedNamespace> namespaces) {
    NodeSession session = inventory.connected(node, process, lease, namespaces);
    tombstones.purge();
    return session;
  }

  /** All placements of these nodes are due now, whatever is known of them: a full comparison. */
  public void askAgain(Collection<NodeId> nodes) {
    duePlacements.askAgain(nodes);
  }

  /**
   * These nodes are alive for this long from now, and can do this.
   *
   * @return those whose session is still the newest of a node that was not deleted; for others
   *     nothing was changed
   */
  public Set<NodeSession> heartbeat(Map<NodeSession, NodeIdentity> nodes, Duration lease) {
    return inventory.extendLeases(nodes, lease);
  }

  /**
   * The node went away: its placements stay as they are and count as unreachable from now on. Not
   * if it has a newer session.
   */
  public void disconnected(NodeSession session) {
    inventory.endLease(session);
  }

  /** The same of a node that cannot have a session now. */
  public void disconnected(NodeId node) {
    inventory.endLease(node);
  }

  /**
   * The node, which has connected before, has found a namespace, or another one under a known name.
   * It is due now.
   */
  public void appeared(NodeSession session, ReportedNamespace namespace) {
    inventory.appeared(session, namespace);
  }

  /** The node has lost a namespace; the last one of a deleted router takes the tombstone along. */
  public void vanished(NodeSession session, String namespace) {
    inventory.vanished(session, namespace);
    tombstones.purge();
  }

  /**
   * Makes routers of the node's adoptable placements whose id was never heard of.
   *
   * @param projectId who owns them
   * @return the new ones, usually none
   */
  public List<RouterId> adopt(NodeId node, String projectId) {
    return inventory.adopt(node, projectId);
  }

  /**
   * At most {@code limit} placements of these nodes that are to be asked now: fresh changes first,
   * then those whose retry time has come, the longest waiting first. They stay due until {@link
   * #record}.
   */
  public List<DueWork> due(Collection<NodeId> nodes, int limit) {
    return duePlacements.due(nodes, limit);
  }

  /** The same in the placements of these routers, of the nodes that came to this process last. */
  public List<DueWork> due(Set<RouterId> routers, int limit) {
    return duePlacements.due(routers, limit);
  }

  /**
   * How long until a retry of these nodes is due: zero also for a moment after it has become due,
   * empty when none will be.
   */
  public Optional<Duration> untilNextRetry(Collection<NodeId> nodes) {
    return duePlacements.untilNextRetry(nodes);
  }

  /**
   * Records what a node answered about a desired state.
   *
   * <ul>
   *   <li>{@code Held}: proven at this fence, with these verdicts; not due again, unless a refusal
   *       may heal: then after {@code retryAfter}.
   *   <li>{@code Failed}: verdicts stay, one more attempt, due again after {@code retryAfter} or at
   *       the router's next change.
   *   <li>{@code Superseded}: due again after {@code retryAfter}; if this database cannot have made
   *       that fence, everything is due at once in a new epoch.
   *   <li>{@code Gone}: like {@link #vanished}.
   * </ul>
   *
   * @return how long the placement was behind its router, from the commit of the change (or the
   *     appearance of the namespace), when this answer proves that it no longer is
   */
  public Optional<Duration> record(
      NodeSession session, Placement placement, ObservedState state, Duration retryAfter) {
    switch (state) {
      case ObservedState.Held held -> {
        return observations.held(session, placement, held, retryAfter);
      }
      case ObservedState.Failed failed ->
          observations.failed(session, placement, failed, retryAfter);
      case ObservedState.Superseded superseded ->
          observations.superseded(session, placement, superseded, retryAfter);
      case ObservedState.Gone() -> vanished(session, placement.namespace());
    }
    return Optional.empty();
  }

  /** Adds to what others did to our table in this placement. */
  public void drifted(NodeSession session, Placement placement, DriftRepairs drift) {
    observations.drifted(session, placement, drift);
  }

  /**
   * What a namespace is to hold whose node has a table of ours in it but was never asked about it.
   *
   * @return an empty state at a new fence when the router is unknown; nothing when it is known or
   *     being deleted, since the placement is then due in any case
   */
  public Optional<DesiredState> ifUnknown(RouterId router) {
    return duePlacements.ifUnknown(router);
  }

  /** How many placements of all nodes are in which state; states without any are left out. */
  public Map<PlacementState, Long> census() {
    return views.census();
  }

  /** The router's placements, ordered by node and namespace. */
  public List<PlacementView> viewsOf(RouterId router) {
    return views.of(router);
  }

  /** The placements of several routers, in one statement; no entry for one without any. */
  public Map<RouterId, List<PlacementView>> viewsOf(Collection<RouterId> routers) {
    return views.of(routers);
  }
}
