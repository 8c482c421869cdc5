package cthelper.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a user is told about a conntrack helper: kernel-proven, derived here and nowhere else from
 * stored verdicts and node liveness.
 *
 * <p>ERROR if a reachable placement refused it or failed; else BUILD if one has yet to answer; else
 * ACTIVE if at least one reachable placement proved it; else DOWN. Examples of reasons: {@code
 * "IPv4 only: this kernel has no pptp helper for IPv6"}, {@code "no node has a namespace of this
 * router"}.
 *
 * @param reason one line for an operator; empty when there is nothing to add
 * @param publicReason the same for everybody: without nodes, namespaces, tables and programs
 */
public record HelperStatus(State state, String reason, String publicReason) {

  /** The words of the wire's {@code status}. */
  public enum State {
    ACTIVE,
    BUILD,
    DOWN,
    ERROR
  }

  /** The status of a helper whose router lives in these placements. Pure. */
  public static HelperStatus of(ConntrackHelper helper, List<PlacementView> placements) {
    List<String> refusals = new ArrayList<>();
    Set<String> publicRefusals = new TreeSet<>();
    Set<String> warnings = new LinkedHashSet<>();
    Set<AddressFamily> families = EnumSet.allOf(AddressFamily.class);
    int pending = 0;
    int proven = 0;
    int unreachable = 0;
    for (PlacementView view : placements) {
      if (!view.nodeAlive()) {
        unreachable++;
        continue;
      }
      Optional<Verdict> verdict = view.verdictOn(helper.id(), helper.revision());
      if (verdict.isEmpty() && view.failure() == null) {
        pending++;
      } else if (verdict.isPresent() && verdict.get().proven()) {
        proven++;
        families.retainAll(verdict.get().families());
        warning(view, verdict.get()).ifPresent(warnings::add);
      } else {
        Reason reason = verdict.flatMap(Verdict::whyNot).orElse(view.failure());
        publicRefusals.add(String.valueOf(reason));
        refusals.add(refusal(reason, view, verdict));
      }
    }
    if (!refusals.isEmpty()) {
      return new HelperStatus(
          State.ERROR, String.join("; ", refusals), String.join("; ", publicRefusals));
    }
    if (pending > 0) {
      return of(
          State.BUILD, "being applied in " + pending + " of " + placements.size() + " namespaces");
    }
    if (proven == 0) {
      return of(State.DOWN, nowhere(unreachable));
    }
    String remarks = remarks(helper, families, unreachable);
    return new HelperStatus(
        State.ACTIVE, joined(remarks, String.join("; ", warnings)), publicly(remarks, warnings));
  }

  private static HelperStatus of(State state, String reason) {
    return new HelperStatus(state, reason, reason);
  }

  private static String publicly(String remarks, Set<String> warnings) {
    return joined(remarks, warnings.isEmpty() ? "" : "an administrator is shown a warning");
  }

  private static String joined(String one, String other) {
    return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
  }

  private static Optional<String> warning(PlacementView view, Verdict proven) {
    return proven.detail().isEmpty()
        ? Optional.empty()
        : Optional.of("in " + where(view) + ": " + proven.detail());
  }

  private static String where(PlacementView view) {
    return "namespace " + view.placement().namespace() + " on node " + view.nodeName();
  }

  private static String refusal(
      @Nullable Reason reason, PlacementView view, Optional<Verdict> verdict) {
    String detail = verdict.map(Verdict::detail).orElse(view.failureDetail());
    return reason + " in " + where(view) + (detail.isEmpty() ? "" : ": " + detail);
  }

  private static String nowhere(int unreachable) {
    return unreachable == 0 ? "no node has a namespace of this router" : away(unreachable);
  }

  private static String away(int unreachable) {
    return unreachable
        + (unreachable == 1 ? " namespace is" : " namespaces are")
        + " unreachable: the node is away";
  }

  private static String remarks(
      ConntrackHelper helper, Set<AddressFamily> families, int unreachable) {
    List<String> remarks = new ArrayList<>();
    if (families.size() < AddressFamily.values().length) {
      remarks.add(onlyFamilies(helper, families));
    }
    if (unreachable > 0) {
      remarks.add(away(unreachable));
    }
    return String.join("; ", remarks);
  }

  private static String onlyFamilies(ConntrackHelper helper, Set<AddressFamily> families) {
    Set<AddressFamily> missing = EnumSet.allOf(AddressFamily.class);
    missing.removeAll(families);
    String lacking =
        "the kernel has no %s helper for %s"
            .formatted(helper.spec().type().name(), names(missing, " or "));
    return families.isEmpty() ? lacking : names(families, " and ") + " only: " + lacking;
  }

  private static String names(Set<AddressFamily> families, String glue) {
    return new TreeSet<>(families)
        .stream().map(AddressFamily::toString).collect(Collectors.joining(glue));
  }
}
