package cthelper.model;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A placement as it is stored: what its node last reported, and whether that node is alive.
 *
 * @param nodeName the node's label, for people
 * @param nodeAlive whether the node's lease has not run out on the database's clock
 * @param observed the fence the kernel was last proven to hold, null before the first time
 * @param verdicts of that fence
 * @param failure why the last attempt failed as a whole, null when it did not
 * @param failureDetail for a person; empty when there is no failure
 * @param drift what others did to our table there, and was repaired
 */
public record PlacementView(
    Placement placement,
    String nodeName,
    boolean nodeAlive,
    @Nullable Fence observed,
    List<Verdict> verdicts,
    @Nullable Reason failure,
    String failureDetail,
    PlacementDrift drift) {

  public PlacementView {
    verdicts = List.copyOf(verdicts);
  }

  /** The verdict on this conntrack helper at this revision or a later one. */
  public Optional<Verdict> verdictOn(UUID helper, long revision) {
    return verdicts.stream()
        .filter(verdict -> verdict.helper().equals(helper) && verdict.revision() >= revision)
        .findFirst();
  }
}
