package cthelper.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Dumps of a namespace's ruleset that are of one moment, or known not to be. One per attempt, used
 * by one thread.
 *
 * <p>After the first trouble nothing more is asked and every dump is empty: who asks looks at
 * {@link #end} when done.
 */
final class ConsistentDumps {

  private final NamespaceSocket socket;
  private final int generation;
  private Optional<Errno> error = Optional.empty();
  private boolean torn;

  ConsistentDumps(NamespaceSocket socket) {
    this.socket = socket;
    this.generation = askGeneration();
  }

  /** How it went. */
  sealed interface End {

    record Whole(int generation) implements End {}

    /** The ruleset changed meanwhile, or answers were lost: ask again. */
    record Torn() implements End {}

    record Failed(Errno errno) implements End {}
  }

  /** Everything that answers this request for a dump; what is not there any more is torn. */
  List<NetlinkMessage> dump(NetlinkRequest request) {
    Optional<Exchange.Answered> answered = ask(request);
    if (answered.isEmpty()) {
      return List.of();
    }
    List<NetlinkMessage> messages = answered.get().to(0);
    torn |= !answered.get().isDone(0) || !answered.get().isAllOf(generation);
    return torn ? List.of() : messages;
  }

  /** Nothing is to be asked any more. */
  End end() {
    int now = askGeneration();
    if (error.isPresent()) {
      return new End.Failed(error.get());
    }
    return torn || now != generation ? new End.Torn() : new End.Whole(generation);
  }

  /** The attributes of each message. */
  static List<NetlinkAttributes> attributes(List<NetlinkMessage> messages) {
    List<NetlinkAttributes> attributes = new ArrayList<>(messages.size());
    for (NetlinkMessage message : messages) {
      attributes.add(message.attributes());
    }
    return attributes;
  }

  private int askGeneration() {
    Optional<Exchange.Answered> answered = ask(NftQueries.generation());
    List<NetlinkMessage> messages = answered.isEmpty() ? List.of() : answered.get().to(0);
    if (messages.isEmpty()) {
      torn = true;
      return 0;
    }
    return messages.getFirst().attributes().get(Nft.GENERATION_ID).integer();
  }

  private Optional<Exchange.Answered> ask(NetlinkRequest request) {
    if (torn || error.isPresent()) {
      return Optional.empty();
    }
    return switch (socket.exchange(List.of(request))) {
      case Exchange.Answered answered -> {
        error = answered.error();
        yield error.isPresent() ? Optional.empty() : Optional.of(answered);
      }
      case Exchange.NotSent(Errno errno) -> failed(errno);
      case Exchange.Lost(Errno errno) -> {
        torn = errno.equals(Errno.ENOBUFS);
        yield torn ? Optional.empty() : failed(errno);
      }
    };
  }

  private Optional<Exchange.Answered> failed(Errno errno) {
    error = Optional.of(errno);
    return Optional.empty();
  }
}
