package cthelper.netfilter;

import cthelper.model.Quoted;
import java.util.List;

/**
 * A transaction that somebody committed to the ruleset of a namespace.
 *
 * <p>Example, {@code nft flush ruleset} in the namespace with number 3: {@code namespace=3
 * port=1674 thread=1674 name=nft changes="deleted table, deleted set assign" elsewhere=false}.
 *
 * @param namespace its {@link NamespaceSocket#namespaceNumber}
 * @param portId of the socket that wrote, an unsigned number
 * @param threadId of the thread that wrote, as the machine (its first process namespace) counts; 0
 *     when the kernel does not tell
 * @param threadName what the thread calls itself, text from outside, at most 15 octets
 * @param changes what became of table {@code inet conntrack_helpers}, whoever's it is, in short and
 *     fit to be logged; empty when nothing
 * @param elsewhere whether anything outside of that table changed
 */
public record RulesetCommit(
    int namespace,
    int portId,
    int threadId,
    String threadName,
    List<String> changes,
    boolean elsewhere) {

  public RulesetCommit {
    changes = List.copyOf(changes);
  }

  /** Whether table {@code inet conntrack_helpers} was changed. */
  public boolean touchesTable() {
    return !changes.isEmpty();
  }

  /** Whether it was written over this socket. */
  public boolean isBy(NamespaceSocket socket) {
    return socket.portId() == portId
        && socket.namespaceNumber().isPresent()
        && socket.namespaceNumber().getAsInt() == namespace;
  }

  /** As keys and values of one line of the log. */
  @Override
  public String toString() {
    return "namespace=%d port=%s thread=%d name=%s changes=%s elsewhere=%s"
        .formatted(
            namespace,
            Integer.toUnsignedString(portId),
            threadId,
            Quoted.of(threadName),
            Quoted.of(String.join(", ", changes)),
            elsewhere);
  }
}
