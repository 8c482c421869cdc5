package cthelper.netfilter;

import cthelper.model.Quoted;
import cthelper.netfilter.ForeignRule.Effect;
import cthelper.netfilter.ForeignRule.Means;
import cthelper.netfilter.ForeignRule.Step;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows new connections through a chain at the prerouting hook and all chains it enters, and
 * collects the assignments they meet before ours. Pure; one per such chain.
 *
 * <p>An assignment is certain if every condition on the way is understood and no rule before it may
 * have led the connection elsewhere. The kernel refuses loops; a walk that is too long or too deep
 * ends with an uncertain assignment of everything.
 */
final class ChainWalk {

  /** Where the kernel meets a connection (NF_IP_PRI_CONNTRACK), before the chains behind it. */
  private static final int TRACKING = -200;

  private static final int MOST_STEPS = 100_000;

  /** The kernel allows 16 in nftables. */
  private static final int MOST_DEPTH = 100;

  /** How many different ways out are told apart. */
  private static final int MOST_LEFT = 500;

  private final String table;
  private final Map<String, List<ForeignRule>> chains;
  private final int priority;
  private final Set<ForeignAssignment> found = new LinkedHashSet<>();
  private final List<Scope> escaped = new ArrayList<>();
  private final List<Scope> returned = new ArrayList<>();
  private boolean anyChainEntered;
  private int depth;
  private int steps;

  /**
   * @param table for example {@code ip raw}
   * @param chains of the table, all but those at hooks
   * @param priority of the chain at the hook
   */
  ChainWalk(String table, Map<String, List<ForeignRule>> chains, int priority) {
    this.table = table;
    this.chains = chains;
    this.priority = priority;
  }

  /** Whether a chain at the prerouting hook can come before ours. */
  static boolean comesFirst(int priority) {
    return priority <= TableSchema.PRIORITY;
  }

  /** Whether a chain of this priority knows the state of connections. */
  static boolean knowsConnections(int priority) {
    return priority > TRACKING;
  }

  /**
   * The assignments that connections of this scope meet, in order.
   *
   * @param name of the chain at the hook
   */
  List<ForeignAssignment> from(String name, List<ForeignRule> rules, Scope scope) {
    follow(name, rules, scope);
    if (anyChainEntered) {
      chains.forEach((chain, any) -> follow(chain, any, scope.unsure()));
    }
    if (steps > MOST_STEPS) {
      found.add(assignment(name, new Effect.Assigns("", Means.NFT), scope.unsure()));
    }
    return List.copyOf(found);
  }

  private void follow(String chain, List<ForeignRule> rules, Scope scope) {
    int returnedBefore = returned.size();
    if (++depth > MOST_DEPTH) {
      steps = MOST_STEPS + 1;
    }
    for (ForeignRule rule : rules) {
      for (Step step : rule.steps()) {
        Scope reached = scope.and(step.scope());
        if (steps++ <= MOST_STEPS && !reached.isEmpty()) {
          take(step.effect(), chain, reached);
        }
      }
    }
    returned.subList(returnedBefore, returned.size()).clear();
    depth--;
  }

  private void take(Effect effect, String chain, Scope reached) {
    switch (effect) {
      case Effect.Assigns assigns -> assign(chain, assigns, reached);
      case Effect.Enters(String entered, boolean comesBack) -> {
        follow(entered, chains.getOrDefault(entered, List.of()), reached);
        if (!comesBack) {
          leave(returned, reached);
        }
      }
      case Effect.EntersAny() -> {
        anyChainEntered = true;
        leave(escaped, reached);
      }
      case Effect.Returns() -> leave(returned, reached);
      case Effect.Escapes() -> leave(escaped, reached);
    }
  }

  private static void leave(List<Scope> left, Scope scope) {
    if (left.size() <= MOST_LEFT) {
      left.add(left.size() < MOST_LEFT ? scope : Scope.EVERYTHING);
    }
  }

  private void assign(String chain, Effect.Assigns assigns, Scope reached) {
    boolean tooEarlyOrLate =
        assigns.means().isBeforeTracking() ? priority > TRACKING : priority < TRACKING;
    if (!tooEarlyOrLate) {
      found.add(assignment(chain, assigns, isSure(reached) ? reached : reached.unsure()));
    }
  }

  /** Among chains of one priority the order of their making decides, which nobody can read. */
  private boolean isSure(Scope reached) {
    return priority != TRACKING
        && priority < TableSchema.PRIORITY
        && escaped.stream().noneMatch(reached::overlaps)
        && returned.stream().noneMatch(reached::overlaps);
  }

  private ForeignAssignment assignment(String chain, Effect.Assigns assigns, Scope scope) {
    return new ForeignAssignment(
        "table %s chain %s%s".formatted(table, Quoted.of(chain), assigns.means().program()),
        assigns.helper(),
        scope.families(),
        scope.protocols(),
        scope.ports(),
        scope.certain());
  }
}
