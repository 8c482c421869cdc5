package cthelper.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A placement as it is stored: what its node last reported, and whether that node is alive.
 *
 * @param nodeName the node's label, for people
 * @param nodeAlive whether the node's lease has not run out on the database's clock
 * @param observed the fence the kernel was last proven to hold, null before the first time
 * @param verdicts of that fence, by the helper they are about
 * @param failure why the last attempt failed as a whole, null when it did not
 * @param failureDetail for a person; empty when there is no failure
 * @param drift what others did to our table there, and was repaired
 */
public record PlacementView(
    Placement placement,
    String nodeName,
    boolean nodeAlive,
    @Nullable Fence observed,
    Map<UUID, Verdict> verdicts,
    @Nullable Reason failure,
    String failureDetail,
    PlacementDrift drift) {

  public PlacementView {
    verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
  }

  /** These, by the helper they are about, in their order. */
  public static Map<UUID, Verdict> byHelper(List<Verdict> verdicts) {
    Map<UUID, Verdict> byHelper = new LinkedHashMap<>();
    verdicts.forEach(verdict -> byHelper.put(verdict.helper(), verdict));
    return byHelper;
  }

  /** The verdict on this conntrack helper at this revision. */
  public Optional<Verdict> verdictOn(UUID helper, long revision) {
    return Optional.ofNullable(verdicts.get(helper))
        .filter(verdict -> verdict.revision() == revision);
  }
}
