package cthelper.netfilter;

import java.util.Map;
import java.util.UUID;

/** What came of a transaction on {@link HelperTable}. Unless it says so, nothing has changed. */
public sealed interface CommitResult {

  /** The kernel holds all of it. */
  record Committed() implements CommitResult {}

  /**
   * The kernel does not take these helpers; without them it may take the others.
   *
   * @param refusals by the conntrack helper's id; never empty
   */
  record HelpersRefused(Map<UUID, KernelRefusal> refusals) implements CommitResult {
    public HelpersRefused {
      refusals = Map.copyOf(refusals);
    }
  }

  /** The ruleset, or the fence, is not what was read: read again. */
  record GenerationMoved() implements CommitResult {}

  /** Answers were lost: it happened or it did not; read back. */
  record Unknown(Errno errno) implements CommitResult {}

  /**
   * The fault of the machine or of our privileges, not of a helper. EPERM: no CAP_NET_ADMIN, or the
   * table is owned by another program that is alive.
   *
   * @param detail for a person: which step failed, and why
   */
  record Failed(Errno errno, String detail) implements CommitResult {}
}
