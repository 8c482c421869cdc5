package cthelper.netfilter;

import java.util.List;

/**
 * A rule of somebody else, as far as it matters to which helper a new connection gets: what it
 * does, in order. Immutable.
 *
 * <p>Example: {@code tcp dport 21 jump ftp} is one step, tcp port 21 enters chain {@code ftp} and
 * comes back.
 */
record ForeignRule(List<Step> steps) {

  ForeignRule {
    steps = List.copyOf(steps);
  }

  /**
   * One thing a rule does.
   *
   * @param scope what the conditions before it in this rule let through
   */
  record Step(Scope scope, Effect effect) {}

  /** What happens to connections; dropping them does not matter. */
  sealed interface Effect {

    /**
     * A helper is given, unless one was before.
     *
     * @param helper as in {@link ForeignAssignment}
     */
    record Assigns(String helper, Means means) implements Effect {}

    /**
     * Another chain of the table is next.
     *
     * @param comesBack by a jump, not by a goto
     */
    record Enters(String chain, boolean comesBack) implements Effect {}

    /** A map chooses the verdict: any chain of the table may be entered, or everything be left. */
    record EntersAny() implements Effect {}

    /** The rest of this chain is left out. */
    record Returns() implements Effect {}

    /** The rest of all that began with this hook's chain is left out, or may be. */
    record Escapes() implements Effect {}
  }

  /** How an assignment is made, which decides when it can have an effect. */
  enum Means {
    /** {@code ct helper set}: for a connection the kernel has just met. */
    NFT(false, ""),
    /** {@code notrack}: before the kernel meets the connection. */
    NFT_NOTRACK(true, ""),
    /** {@code -j CT}: likewise, a template for the connection to come. */
    IPTABLES(true, " (iptables)"),
    IPTABLES_LEGACY(true, " (iptables-legacy)");

    private final boolean beforeTracking;
    private final String program;

    Means(boolean beforeTracking, String program) {
      this.beforeTracking = beforeTracking;
      this.program = program;
    }

    boolean isBeforeTracking() {
      return beforeTracking;
    }

    /** What to say behind a chain's name. */
    String program() {
      return program;
    }
  }
}
