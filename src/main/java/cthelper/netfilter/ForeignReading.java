package cthelper.netfilter;

import java.util.List;

/** What {@link ForeignAssignments#read} found in a namespace. */
public sealed interface ForeignReading {

  /**
   * Every assignment that comes before ours, all of one moment.
   *
   * @param assignments in the order in which packets meet them
   * @param generation the ruleset's at that moment; the same one needs no second reading
   */
  record Read(List<ForeignAssignment> assignments, int generation) implements ForeignReading {
    public Read {
      assignments = List.copyOf(assignments);
    }
  }

  /** The ruleset changed during each of that many attempts. */
  record Contended(int attempts) implements ForeignReading {}

  /** The kernel could not or would not tell. */
  record Failed(Errno errno, String detail) implements ForeignReading {}
}
