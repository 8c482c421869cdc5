package cthelper.netfilter;

import java.util.List;

/** What {@link NamespaceDoor#readLegacy} found in a namespace. */
public sealed interface LegacyReading {

  /**
   * Every assignment by iptables-legacy, all of which come before ours.
   *
   * @param assignments those of IPv4 first, else in the order in which packets meet them
   */
  record Read(List<ForeignAssignment> assignments) implements LegacyReading {
    public Read {
      assignments = List.copyOf(assignments);
    }
  }

  /** The name stands for no namespace by now, or for another one. */
  record Gone() implements LegacyReading {}

  /** The kernel could not or would not tell, for example EACCES to a process that is not root's. */
  record Failed(Errno errno, String detail) implements LegacyReading {}
}
