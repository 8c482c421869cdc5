package cthelper.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Connection tracking of one network namespace, read and changed over netlink.
 *
 * <p>Whatever is lost on the way (ENOBUFS) is asked or told again a few times. Microseconds, with
 * 10,000 connections of which 20 have a helper: {@link #entries} 4, every connection 38,000, those
 * assigned a helper 13,000, one order 4. A dump walks a table that all namespaces of the machine
 * share, so that it takes 9,000 and more however few connections this one has.
 */
final class ConnectionTable {

  private static final int ATTEMPTS = 3;

  /** Each refusal is an answer of its own: so many fit into a socket's usual receive buffer. */
  private static final int ORDERS_PER_MESSAGE = 64;

  private final NamespaceSocket socket;

  ConnectionTable(NamespaceSocket socket) {
    this.socket = socket;
  }

  /** What the kernel told, or why it did not. */
  sealed interface Answer<T> {

    record Told<T>(T value) implements Answer<T> {}

    /**
     * Some or all of it is not told or not done.
     *
     * @param detail for a person: which step failed, and why
     */
    record Failed<T>(Errno errno, String detail) implements Answer<T> {}

    /** What comes of this one; a failure stays one. */
    default <U> Answer<U> then(Function<T, Answer<U>> next) {
      return switch (this) {
        case Told<T>(T value) -> next.apply(value);
        case Failed<T>(Errno errno, String detail) -> new Failed<>(errno, detail);
      };
    }
  }

  /** The number of connections. */
  Answer<Integer> entries() {
    Answer<List<Integer>> numbers =
        ask(
            "statistics",
            ConntrackRequests.statistics().acknowledged(),
            message ->
                Optional.of(message.attributes().get(Ctnetlink.STATISTICS_ENTRIES).integer()));
    return numbers.then(told ->
        told.size() == 1
            ? new Answer.Told<>(told.getFirst())
            : new Answer.Failed<>(Errno.EBADMSG, "statistics: not one answer"));
  }

  /** Every connection that carries a helper. */
  Answer<List<ConntrackEntry>> helped() {
    return ask("connections", ConntrackRequests.connections(), ConntrackEntry::read);
  }

  /** Those among them that a rule gave it, not the connection that announced them. */
  Answer<List<ConntrackEntry>> assignedAHelper() {
    return ask("connections", ConntrackRequests.connectionsAssignedAHelper(), ConntrackEntry::read);
  }

  Answer<List<ConntrackExpectation>> expectations() {
    return ask(
        "expectations",
        ConntrackRequests.expectations(),
        message -> Optional.of(ConntrackExpectation.read(message)));
  }

  /**
   * Gives the orders, all of them whatever some come to.
   *
   * @return how many met what they were about, which the others found gone; or the first failure
   */
  Answer<Integer> tell(String what, List<NetlinkRequest> orders) {
    int met = 0;
    Optional<Answer<Integer>> failure = Optional.empty();
    for (int from = 0; from < orders.size(); from += ORDERS_PER_MESSAGE) {
      int to = Math.min(orders.size(), from + ORDERS_PER_MESSAGE);
      switch (tellAtOnce(what, orders.subList(from, to))) {
        case Answer.Told(Integer some) -> met += some;
        case Answer.Failed<Integer> failed -> failure = failure.or(() -> Optional.of(failed));
      }
    }
    return failure.orElse(new Answer.Told<>(met));
  }

  private Answer<Integer> tellAtOnce(String what, List<NetlinkRequest> orders) {
    return switch (exchange(orders, new ArrayList<>(), nothing -> Optional.empty())) {
      case Exchange.NotSent(Errno errno) -> notSent(what, errno);
      case Exchange.Lost(Errno errno) -> lost(what, errno);
      case Exchange.Answered answered -> {
        List<Acknowledgement> refusals = refusals(answered);
        Optional<Acknowledgement> failure =
            refusals.stream()
                .filter(refusal -> !refusal.error().equals(Optional.of(Errno.ENOENT)))
                .findFirst();
        yield failure.isPresent()
            ? refused(what, failure.get())
            : new Answer.Told<>(orders.size() - refusals.size());
      }
    };
  }

  /** Reads what answers one question, for as long as it may be. */
  private <T> Answer<List<T>> ask(
      String what, NetlinkRequest question, Function<NetlinkMessage, Optional<T>> reader) {
    List<T> told = new ArrayList<>();
    return switch (exchange(List.of(question), told, reader)) {
      case Exchange.NotSent(Errno errno) -> notSent(what, errno);
      case Exchange.Lost(Errno errno) -> lost(what, errno);
      case Exchange.Answered answered -> {
        List<Acknowledgement> refusals = refusals(answered);
        if (!refusals.isEmpty()) {
          yield refused(what, refusals.getFirst());
        }
        yield answered.messages().isEmpty()
            ? new Answer.Failed<>(Errno.EBADMSG, what + ": the answer has no end")
            : new Answer.Told<>(List.copyOf(told));
      }
    };
  }

  /**
   * @param told is filled with what the reader finds in the last attempt
   */
  private <T> Exchange exchange(
      List<NetlinkRequest> requests, List<T> told, Function<NetlinkMessage, Optional<T>> reader) {
    for (int attempt = 1; ; attempt++) {
      told.clear();
      Exchange exchange =
          socket.exchange(requests, message -> reader.apply(message).ifPresent(told::add));
      if (attempt == ATTEMPTS || !exchange.equals(new Exchange.Lost(Errno.ENOBUFS))) {
        return exchange;
      }
    }
  }

  private static List<Acknowledgement> refusals(Exchange.Answered answered) {
    return answered.messages().stream()
        .filter(NetlinkMessage::isAcknowledgement)
        .map(NetlinkMessage::acknowledgement)
        .filter(acknowledgement -> !acknowledgement.isYes())
        .toList();
  }

  private static <T> Answer<T> notSent(String what, Errno errno) {
    return new Answer.Failed<>(errno, what + ": send: " + errno);
  }

  private static <T> Answer<T> lost(String what, Errno errno) {
    return new Answer.Failed<>(errno, what + ": receive: " + errno);
  }

  private static <T> Answer<T> refused(String what, Acknowledgement refusal) {
    Errno errno = refusal.error().orElseThrow();
    return new Answer.Failed<>(errno, what + ": " + KernelRefusal.of(errno, refusal.text()));
  }
}
