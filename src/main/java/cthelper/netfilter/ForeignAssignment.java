package cthelper.netfilter;

import cthelper.model.AddressFamily;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import java.util.Collections;
import java.util.Set;

/**
 * An assignment by somebody else that comes before ours: the first one wins, and nothing of ours
 * can change that. Immutable.
 *
 * <p>Example: {@code table ip raw chain PREROUTING (iptables)} gives {@code ftp} to IPv4
 * connections to tcp port 21, certainly.
 *
 * @param where the table and chain of the rule, for a person; names of others in it are quoted
 * @param helper the kernel's name; empty when a map chooses, {@link #NOTRACK} when the connections
 *     are kept from connection tracking, so that they get none
 * @param families and protocols, ports: of the connections it can concern
 * @param certain false when further conditions (sets, marks, addresses, interfaces, maps) choose
 *     among them
 */
public record ForeignAssignment(
    String where,
    String helper,
    Set<AddressFamily> families,
    Set<Protocol> protocols,
    Ports ports,
    boolean certain) {

  /** In place of a helper's name: the connections are not tracked at all. */
  public static final String NOTRACK = "notrack";

  public ForeignAssignment {
    families = Set.copyOf(families);
    protocols = Set.copyOf(protocols);
  }

  /** Whether it surely wins for all of this spec's connections, at least in one address family. */
  public boolean overrides(HelperSpec spec) {
    return certain && mayOverride(spec);
  }

  /** Whether it wins for all or some of this spec's connections. */
  public boolean mayOverride(HelperSpec spec) {
    return protocols.contains(spec.protocol())
        && ports.contains(spec.port())
        && !Collections.disjoint(families, spec.type().families());
  }
}
