package cthelper.truth;

import cthelper.truth.Model.Helper;
import java.util.Optional;

/**
 * A connection that was opened through a router's namespace.
 *
 * @param sourcePort by which it is found again; each has its own
 * @param kept the helper that gave it its kernel helper while all was settled: as long as that is
 *     declared unchanged, the connection must keep it
 * @param judged whether a kernel helper on it can only come from this service; not while others
 *     assign helpers
 */
record Connection(
    String protocol, int sourcePort, int port, Optional<Helper> kept, boolean judged) {}
