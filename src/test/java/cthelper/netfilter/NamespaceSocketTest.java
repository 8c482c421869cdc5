package cthelper.netfilter;

import static cthelper.netfilter.KernelAnswers.yes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import cthelper.netfilter.RecordedSystemCalls.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a socket copes with what a kernel may answer. The first request of a socket is number 1. */
class NamespaceSocketTest {

  private static final List<NetlinkRequest> ONE_REQUEST =
      List.of(NftQueries.generation().acknowledged());

  private final RecordedSystemCalls calls = new RecordedSystemCalls();

  @Test
  void answersAreNamedByThePlaceOfTheirRequest() {
    calls.answerWith(message -> List.of(yes(2), yes(1)));
    NamespaceSocket socket = NamespaceSocket.open(calls);

    assertThat(socket.exchange(List.of(NftQueries.generation(), NftQueries.generation())))
        .isInstanceOfSatisfying(
            Exchange.Answered.class,
            answered -> {
              assertThat(answered.acknowledgementOf(0)).isPresent();
              assertThat(answered.acknowledgementOf(1)).isPresent();
              assertThat(answered.acknowledgementOf(2)).isEmpty();
            });
  }

  @Test
  void interruptedCallsAreRepeated() {
    calls.failNext("send", Errno.EINTR);
    calls.answerWith(message -> List.of(Answer.trouble(Errno.EINTR), yes(1)));
    NamespaceSocket socket = NamespaceSocket.open(calls);

    assertAnswered(socket.exchange(ONE_REQUEST));
  }

  @Test
  void answersToSomethingElseAreDropped() {
    calls.answerWith(message -> List.of(yes(77), yes(0)));
    NamespaceSocket socket = NamespaceSocket.open(calls);

    assertThat(socket.exchange(ONE_REQUEST)).isEqualTo(new Exchange.Answered(1, List.of()));
  }

  @Test
  void overflowIsLostAndDrainedBeforeTheNextExchange() {
    calls.answerWith(message -> List.of(yes(1), Answer.trouble(Errno.ENOBUFS), yes(1)));
    NamespaceSocket socket = NamespaceSocket.open(calls);

    assertThat(socket.exchange(ONE_REQUEST)).isEqualTo(new Exchange.Lost(Errno.ENOBUFS));
    calls.answerWith(message -> List.of(yes(2)));
    assertAnswered(socket.exchange(ONE_REQUEST));
  }

  @Test
  void nonsenseIsLost() {
    calls.answerWith(message -> List.of(Answer.datagram(new byte[] {1, 2, 3}), yes(1)));
    NamespaceSocket socket = NamespaceSocket.open(calls);

    assertThat(socket.exchange(ONE_REQUEST)).isEqualTo(new Exchange.Lost(Errno.EBADMSG));
  }

  @Test
  void dataIsReadWhileItComesAndNotKept() {
    calls.answerWith(message ->
        List.of(
            ConntrackRecording.answer(ConntrackRecording.CONNECTIONS, 77),
            Answer.trouble(Errno.EINTR),
            ConntrackRecording.answer(ConntrackRecording.CONNECTIONS, 1)));
    NamespaceSocket socket = NamespaceSocket.open(calls);
    List<Integer> families = new ArrayList<>();

    Exchange exchange = socket.exchange(ONE_REQUEST, message -> families.add(message.family()));

    assertThat(families).hasSize(8).containsOnly(2, 10);
    assertThat(exchange)
        .isInstanceOfSatisfying(
            Exchange.Answered.class,
            answered ->
                assertThat(answered.messages()).hasSize(1).allMatch(NetlinkMessage::isDone));
  }

  @Test
  void overflowWhileReadingIsLost() {
    calls.answerWith(message ->
        List.of(
            Answer.trouble(Errno.ENOBUFS),
            ConntrackRecording.answer(ConntrackRecording.CONNECTIONS, 1)));
    NamespaceSocket socket = NamespaceSocket.open(calls);

    assertThat(socket.exchange(ONE_REQUEST, message -> {}))
        .isEqualTo(new Exchange.Lost(Errno.ENOBUFS));
  }

  @Test
  void nonsenseThatOnlyTheReaderSeesIsLostAndDrained() {
    calls.answerWith(
        message -> List.of(ConntrackRecording.answer(ConntrackRecording.CONNECTIONS, 1), yes(1)));
    NamespaceSocket socket = NamespaceSocket.open(calls);

    Exchange exchange =
        socket.exchange(
            ONE_REQUEST,
            message -> {
              throw new MalformedNetlinkException("not what was asked for");
            });

    assertThat(exchange).isEqualTo(new Exchange.Lost(Errno.EBADMSG));
    calls.answerWith(message -> List.of(yes(2)));
    assertAnswered(socket.exchange(ONE_REQUEST));
  }

  @Test
  void refusedSendIsNotSent() {
    calls.failNext("send", Errno.EMSGSIZE);
    NamespaceSocket socket = NamespaceSocket.open(calls);

    assertThat(socket.exchange(ONE_REQUEST)).isEqualTo(new Exchange.NotSent(Errno.EMSGSIZE));
  }

  @Test
  void closedSocketIsNeverUsedAgain() {
    NamespaceSocket socket = NamespaceSocket.open(calls);
    socket.close();
    socket.close();

    assertThatIllegalStateException().isThrownBy(() -> socket.exchange(ONE_REQUEST));
    assertThat(calls.openDescriptors()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"socket", "bind", "setsockopt", "getsockname", "getsockopt"})
  void failedOpeningLeavesNothingOpen(String function) {
    calls.failNext(function, Errno.ENOMEM);

    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> NamespaceSocket.open(calls))
        .withMessage(function + ": ENOMEM (out of memory)");
    assertThat(calls.openDescriptors()).isZero();
  }

  @Test
  void sendLimitOfTheMachineHoldsWithoutThePrivilegeToRaiseIt() {
    calls.failAfter("setsockopt", 2, Errno.EPERM);
    NamespaceSocket.open(calls);

    assertThat(calls.record())
        .containsSubsequence("setsockopt " + Linux.SO_SNDBUFFORCE, "setsockopt " + Linux.SO_SNDBUF);
  }

  private static void assertAnswered(Exchange exchange) {
    assertThat(exchange)
        .isInstanceOfSatisfying(
            Exchange.Answered.class,
            answered ->
                assertThat(answered.acknowledgementOf(0)).get().matches(Acknowledgement::isYes));
  }
}
