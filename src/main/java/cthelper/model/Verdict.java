package cthelper.model;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one placement's kernel was last seen to make of one conntrack helper.
 *
 * <p>Examples: proven at revision 3 in IPv4 and IPv6; refused at revision 3, {@code
 * helper-not-in-kernel}. "Pending" and "unreachable" are no verdicts: they are the absence of one,
 * see {@link HelperStatus}.
 *
 * @param revision the conntrack helper's revision this verdict is about
 * @param families where it works when proven; empty when refused
 * @param reason present unless proven
 * @param detail for a person: what happened and what to do, or a warning about a proven one; no
 *     secrets; empty when there is nothing to say
 */
public record Verdict(
    UUID helper,
    long revision,
    boolean proven,
    Set<AddressFamily> families,
    @Nullable Reason reason,
    String detail) {

  public Verdict {
    if (proven == (reason != null)) {
      throw new IllegalArgumentException("a verdict has a reason unless it is proven");
    }
    families = Set.copyOf(families);
  }

  public static Verdict proven(DesiredHelper helper, Set<AddressFamily> families) {
    return new Verdict(helper.id(), helper.revision(), true, families, null, "");
  }

  public static Verdict refused(DesiredHelper helper, Reason reason, String detail) {
    return new Verdict(helper.id(), helper.revision(), false, Set.of(), reason, detail);
  }

  /** The same, with something a person should know although it is proven. */
  public Verdict warned(String warning) {
    return new Verdict(helper, revision, proven, families, reason, warning);
  }

  /** The same conntrack helper, refused. */
  public Verdict refusedAs(Reason why, String detail) {
    return new Verdict(helper, revision, false, Set.of(), why, detail);
  }

  public Optional<Reason> whyNot() {
    return Optional.ofNullable(reason);
  }
}
