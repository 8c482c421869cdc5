package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import cthelper.netfilter.RecordedSystemCalls.Answer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the kernel says, the thread goes on. */
class RulesetEventsTest {

  private final RecordedSystemCalls calls = new RecordedSystemCalls();
  private final NamespaceDoor door = new NamespaceDoor(calls);
  private final HeardEvents heard = new HeardEvents();

  private Optional<RulesetEvents> events = Optional.empty();

  @AfterEach
  void closeAll() {
    events.ifPresent(RulesetEvents::close);
    door.close();
  }

  @Test
  void lossIsToldOnceTheQueueIsEmpty() throws InterruptedException {
    listen(heard);

    calls.multicast(
        Answer.about(1, RulesetEvent.element(1674, Nft.NEW_ELEMENTS)),
        Answer.trouble(Errno.ENOBUFS),
        Answer.about(1, RulesetEvent.end(1674)));

    assertThat(heard.next().touchesTable()).isTrue();
    heard.awaitLoss();
    assertThat(heard.losses()).isZero();
  }

  @Test
  void everySecondOverflowIsToldAtOnce() throws InterruptedException {
    listen(heard);

    calls.multicast(
        Answer.trouble(Errno.ENOBUFS),
        Answer.about(1, RulesetEvent.element(1674, Nft.NEW_ELEMENTS)),
        Answer.trouble(Errno.ENOBUFS),
        Answer.about(1, RulesetEvent.end(4711)));

    assertThat(heard.next().touchesTable()).isFalse();
    heard.awaitLoss();
    heard.awaitLoss();
  }

  @ParameterizedTest
  @ValueSource(strings = {"010203", "ffffffff0f0a0000020000008a06000000000004"})
  void nonsenseIsALoss(String octets) throws InterruptedException {
    listen(heard);

    calls.multicast(
        Answer.about(1, HexFormat.of().parseHex(octets)), Answer.about(2, RulesetEvent.end(1674)));

    assertThat(heard.next().namespace()).isEqualTo(2);
    heard.awaitLoss();
  }

  @Test
  void interruptedCallIsRepeated() throws InterruptedException {
    listen(heard);

    calls.multicast(Answer.trouble(Errno.EINTR), Answer.about(1, RulesetEvent.end(1674)));

    assertThat(heard.next().portId()).isEqualTo(1674);
    assertThat(heard.losses()).isZero();
  }

  @Test
  void eventsOfTheListenersOwnNamespaceConcernNobody() throws InterruptedException {
    listen(heard);

    calls.multicast(
        Answer.datagram(RulesetEvent.end(4711)), Answer.about(1, RulesetEvent.end(1674)));

    assertThat(heard.next().portId()).isEqualTo(1674);
  }

  @Test
  void failingListenerIsToldTheNextCommit() throws InterruptedException {
    AtomicInteger told = new AtomicInteger();
    RulesetEvents.Listener failing =
        new RulesetEvents.Listener() {
          @Override
          public void committed(RulesetCommit commit) {
            if (told.incrementAndGet() == 1) {
              throw new IllegalStateException("not expected");
            }
            heard.committed(commit);
          }

          @Override
          public void lost() {}
        };
    listen(failing);

    calls.multicast(
        Answer.about(1, RulesetEvent.end(1674)), Answer.about(1, RulesetEvent.end(4711)));

    assertThat(heard.next().portId()).isEqualTo(4711);
  }

  @Test
  void unexpectedTroubleIsALossAndTriedAgain() throws InterruptedException {
    listen(heard);

    calls.multicast(Answer.trouble(Errno.ENOMEM), Answer.about(1, RulesetEvent.end(1674)));

    heard.awaitLoss();
    assertThat(heard.next().portId()).isEqualTo(1674);
  }

  @Test
  void listenerMayCloseTheEvents() throws InterruptedException {
    CompletableFuture<RulesetEvents> started = new CompletableFuture<>();
    RulesetEvents.Listener closing =
        new RulesetEvents.Listener() {
          @Override
          public void committed(RulesetCommit commit) {
            started.join().close();
          }

          @Override
          public void lost() {}
        };
    started.complete(RulesetEvents.start(calls, door, closing));
    calls.multicast(Answer.about(1, RulesetEvent.end(1674)));

    await().untilAsserted(() -> assertThat(calls.openDescriptors()).isEqualTo(1)); // the door's
  }

  @ParameterizedTest
  @CsvSource({
    "eventfd, 0",
    "unshare, 0",
    "socket, 0",
    "setsockopt, 0",
    "bind, 0",
    "setsockopt, 1",
    "setsockopt, 2",
    "socket, 1",
    "bind, 1",
    "getsockname, 0",
    "getsockopt, 0"
  })
  void failedStartLeavesNothingOpen(String function, int successes) {
    calls.failAfter(function, successes, Errno.ENOMEM);

    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> RulesetEvents.start(calls, door, heard))
        .withMessage(function + ": ENOMEM (out of memory)");
    door.close();
    await().untilAsserted(() -> assertThat(calls.openDescriptors()).isZero());
  }

  @Test
  void namespaceThatGetsNoNumberIsNotOpened() {
    calls.addNamespace("/run/netns/one");
    calls.answerWith(message -> List.of(KernelAnswers.no(1, Errno.ENOMEM, 0)));
    listen(heard);

    int before = calls.openDescriptors();

    assertThat(door.open(Path.of("/run/netns/one")))
        .isEqualTo(new Opening.Failed(Errno.ENOMEM, "RTM_NEWNSID: ENOMEM (out of memory)"));
    assertThat(calls.openDescriptors()).isEqualTo(before);
  }

  private void listen(RulesetEvents.Listener listener) {
    events = Optional.of(RulesetEvents.start(calls, door, listener));
  }
}
