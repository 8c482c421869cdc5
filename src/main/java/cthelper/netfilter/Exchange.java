package cthelper.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What came of sending requests over a {@link NamespaceSocket}. */
sealed interface Exchange {

  /**
   * Everything the kernel answered. Requests are named by their place among those sent, from 0.
   *
   * @param firstSequence the number of request 0
   */
  record Answered(int firstSequence, List<NetlinkMessage> messages) implements Exchange {

    public Answered {
      messages = List.copyOf(messages);
    }

    /** The data that answers this request: neither acknowledgement nor the end of a dump. */
    List<NetlinkMessage> to(int request) {
      List<NetlinkMessage> data = new ArrayList<>();
      for (NetlinkMessage message : messages) {
        if (isTo(request, message) && message.isData()) {
          data.add(message);
        }
      }
      return data;
    }

    /** The kernel's yes or no to this request, if it gave one. */
    Optional<Acknowledgement> acknowledgementOf(int request) {
      for (NetlinkMessage message : messages) {
        if (isTo(request, message) && message.isAcknowledgement()) {
          return Optional.of(message.acknowledgement());
        }
      }
      return Optional.empty();
    }

    /** Whether the dump asked for by this request came to its end. */
    boolean isDone(int request) {
      return messages.stream().anyMatch(message -> isTo(request, message) && message.isDone());
    }

    /** Why the kernel did not answer something, other than by "there is none". */
    Optional<Errno> error() {
      for (NetlinkMessage message : messages) {
        if (message.isAcknowledgement()) {
          Optional<Errno> error = message.acknowledgement().error();
          if (error.isPresent() && !error.get().equals(Errno.ENOENT)) {
            return error;
          }
        }
      }
      return Optional.empty();
    }

    /** Whether all of it tells of the ruleset's same generation, as far as messages say. */
    boolean isAllOf(int generation) {
      int lowHalf = generation & 0xffff;
      for (NetlinkMessage message : messages) {
        if (message.isInterrupted() || (message.isData() && message.generation() != lowHalf)) {
          return false;
        }
      }
      return true;
    }

    private boolean isTo(int request, NetlinkMessage message) {
      return message.sequence() == firstSequence + request;
    }
  }

  /** Nothing reached the kernel, for example EMSGSIZE. */
  record NotSent(Errno errno) implements Exchange {}

  /**
   * The requests were handled, but answers were lost (ENOBUFS) or make no sense (EBADMSG): what
   * happened is unknown until it is read back.
   */
  record Lost(Errno errno) implements Exchange {}
}
