package cthelper.netfilter;

import cthelper.model.AddressFamily;
import java.util.Optional;

/**
 * A live connection that carries a helper.
 *
 * <p>Example: the control connection of FTP is {@code (IPV4, (6, 21), "ftp", empty)}; a call that a
 * SIP registration at port 5060 announced is {@code (IPV4, (17, 40000), "sip", (17, 5060))}.
 *
 * @param target the port is that of the assignment
 * @param helper the kernel's name, for example {@code Q.931}
 * @param master what the connection that announced this one asked for; then the helper comes from
 *     there and not from an assignment
 */
public record HelpedConnection(
    AddressFamily family,
    ConnectionTarget target,
    String helper,
    Optional<ConnectionTarget> master) {

  static HelpedConnection of(ConntrackEntry entry) {
    return new HelpedConnection(
        entry.family(),
        entry.original().target(),
        entry.helper(),
        entry.master().map(ConntrackTuple::target));
  }
}
