package cthelper.netfilter;

import static cthelper.netfilter.KernelAnswers.no;
import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.SIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import cthelper.model.AddressFamily;
import cthelper.model.HelperSpec;
import cthelper.netfilter.RecordedSystemCalls.Answer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What is asked and told, and how a revocation copes with what a kernel may answer. The kernel's
 * answers are those of {@link ConntrackRecording} where a test does not say otherwise.
 */
class HelperRevocationTest {

  private static final int STATISTICS = 0x105;
  private static final int CONNECTIONS = 0x101;
  private static final int EXPECTATIONS = 0x201;
  private static final int DETACH = 0x100;
  private static final int DELETE = 0x102;
  private static final int DELETE_EXPECTATION = 0x202;

  private static final Set<HelperSpec> FTP_REMOVED = Set.of(FTP.spec());
  private static final Revocation.Done TWO_DETACHED = new Revocation.Done(2, 0);

  private final RecordedSystemCalls calls = new RecordedSystemCalls();

  /** The types of the messages of each send. */
  private final List<List<Integer>> sent = new ArrayList<>();

  /** Comes before the recorded answers, one per send. */
  private final Deque<Optional<Answer>> scripted = new ArrayDeque<>();

  @Test
  void oneDumpServesAllRemovedHelpersOfBothFamilies() {
    assertThat(revoke(FTP_REMOVED)).isEqualTo(TWO_DETACHED);
    assertThat(sent)
        .containsExactly(
            List.of(STATISTICS),
            List.of(CONNECTIONS),
            List.of(DETACH, DETACH),
            List.of(EXPECTATIONS),
            List.of(DELETE_EXPECTATION));
  }

  @Test
  void emptyNamespaceCostsNoDump() {
    byte[] none = ConntrackRecording.datagram(ConntrackRecording.STATISTICS, 1);
    ByteBuffer.wrap(none).putInt(24, 0); // big-endian: CTA_STATS_GLOBAL_ENTRIES
    scripted.add(Optional.of(Answer.datagram(none)));

    assertThat(revoke(FTP_REMOVED)).isEqualTo(new Revocation.Done(0, 0));
    assertThat(sent).containsExactly(List.of(STATISTICS));
  }

  @Test
  void nothingRemovedCostsNothing() {
    assertThat(revoke(Set.of())).isEqualTo(new Revocation.Done(0, 0));
    assertThat(sent).isEmpty();
  }

  @Test
  void whatInheritedIsDeletedAfterItsMasterLostTheHelper() {
    assertThat(revoke(Set.of(SIP.spec()))).isEqualTo(new Revocation.Done(1, 1));
    assertThat(sent)
        .containsExactly(
            List.of(STATISTICS),
            List.of(CONNECTIONS),
            List.of(DETACH),
            List.of(DELETE),
            List.of(EXPECTATIONS));
  }

  @Test
  void connectionThatIsGoneIsDone() {
    passOver(2);
    scripted.add(Optional.of(no(4, Errno.ENOENT, 20)));

    assertThat(revoke(FTP_REMOVED)).isEqualTo(new Revocation.Done(1, 0));
  }

  @Test
  void refusedConnectionIsAFailureThatStopsNothingElse() {
    passOver(2);
    scripted.add(Optional.of(no(4, Errno.EPERM, 20)));

    assertThat(revoke(FTP_REMOVED))
        .isEqualTo(new Revocation.Failed(Errno.EPERM, "detach: EPERM: operation not permitted"));
    assertThat(sent).contains(List.of(DELETE_EXPECTATION));
  }

  @Test
  void refusedQuestionIsAFailure() {
    scripted.add(Optional.of(no(1, Errno.EPERM, 20)));

    assertThat(revoke(FTP_REMOVED))
        .isEqualTo(
            new Revocation.Failed(Errno.EPERM, "statistics: EPERM: operation not permitted"));
  }

  @Test
  void refusedSendIsAFailure() {
    calls.failNext("send", Errno.ENOMEM);

    assertThat(revoke(FTP_REMOVED))
        .isEqualTo(new Revocation.Failed(Errno.ENOMEM, "statistics: send: ENOMEM (out of memory)"));
  }

  @Test
  void lostAnswersAreAskedForAgain() {
    passOver(1);
    scripted.add(Optional.of(Answer.trouble(Errno.ENOBUFS)));
    passOver(1);
    scripted.add(Optional.of(Answer.trouble(Errno.ENOBUFS)));

    assertThat(revoke(FTP_REMOVED)).isEqualTo(TWO_DETACHED);
    assertThat(sent).filteredOn(List.of(CONNECTIONS)::equals).hasSize(2);
    assertThat(sent).filteredOn(List.of(DETACH, DETACH)::equals).hasSize(2);
  }

  @Test
  void answersThatGetLostAgainAndAgainAreAFailure() {
    passOver(1);
    for (int i = 0; i < 3; i++) {
      scripted.add(Optional.of(Answer.trouble(Errno.ENOBUFS)));
    }

    assertThat(revoke(FTP_REMOVED))
        .isEqualTo(
            new Revocation.Failed(
                Errno.ENOBUFS, "connections: receive: ENOBUFS (no buffer space left)"));
    assertThat(sent).hasSize(4);
  }

  @Test
  void dumpWithoutEndIsAFailure() {
    passOver(1);
    scripted.add(Optional.of(Answer.datagram(connectionsWithoutEnd())));

    assertThat(revoke(FTP_REMOVED))
        .isEqualTo(new Revocation.Failed(Errno.EBADMSG, "connections: the answer has no end"));
  }

  @Test
  void malformedConnectionIsAFailure() {
    byte[] connections = ConntrackRecording.datagram(ConntrackRecording.CONNECTIONS, 2);
    connections[16] = 7; // the family of the first one
    passOver(1);
    scripted.add(Optional.of(Answer.datagram(connections)));

    assertThat(revoke(Set.of(SIP.spec())))
        .isEqualTo(
            new Revocation.Failed(
                Errno.EBADMSG,
                "connections: receive: EBADMSG (not an answer that can be understood)"));
  }

  @Test
  void damagedAnswersNeverThrow() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      calls.answerWith(message -> List.of(Answer.datagram(damaged(recorded(message), random))));
      NamespaceSocket socket = NamespaceSocket.open(calls);

      assertThatCode(
              () -> {
                HelperRevocation.revoke(socket, Set.of(FTP.spec(), SIP.spec()));
                HelpedConnections.list(socket);
              })
          .as("seed %d", seed)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void helpedConnectionsAreListedWithWhatAnnouncedThem() {
    answerAsRecorded();

    assertThat(HelpedConnections.list(NamespaceSocket.open(calls)))
        .isInstanceOfSatisfying(
            HelpedConnections.Listed.class,
            listed ->
                assertThat(listed.connections())
                    .containsExactlyInAnyOrder(
                        helped(AddressFamily.IPV4, 6, 21, "ftp", Optional.empty()),
                        helped(AddressFamily.IPV6, 6, 21, "ftp", Optional.empty()),
                        helped(AddressFamily.IPV4, 6, 2121, "ftp", Optional.empty()),
                        helped(AddressFamily.IPV4, 17, 5060, "sip", Optional.empty()),
                        helped(AddressFamily.IPV4, 17, 5070, "sip", udp(5060)),
                        helped(AddressFamily.IPV4, 17, 1719, "RAS", Optional.empty()),
                        helped(AddressFamily.IPV4, 6, 4001, "Q.931", udp(1719))));
    assertThat(sent).containsExactly(List.of(STATISTICS), List.of(CONNECTIONS));
  }

  private static HelpedConnection helped(
      AddressFamily family,
      int protocol,
      int port,
      String helper,
      Optional<ConnectionTarget> master) {
    return new HelpedConnection(family, new ConnectionTarget(protocol, port), helper, master);
  }

  private static Optional<ConnectionTarget> udp(int port) {
    return Optional.of(new ConnectionTarget(17, port));
  }

  private Revocation revoke(Set<HelperSpec> removed) {
    answerAsRecorded();
    return HelperRevocation.revoke(NamespaceSocket.open(calls), removed);
  }

  /** The next sends are answered as recorded. */
  private void passOver(int sends) {
    for (int i = 0; i < sends; i++) {
      scripted.add(Optional.empty());
    }
  }

  private void answerAsRecorded() {
    calls.answerWith(message -> {
      sent.add(types(message));
      Optional<Answer> answer = scripted.isEmpty() ? Optional.empty() : scripted.remove();
      return List.of(answer.orElseGet(() -> Answer.datagram(recorded(message))));
    });
  }

  /** Orders are not answered when all is well. */
  private static byte[] recorded(byte[] message) {
    int sequence = host(message).getInt(8);
    return switch (types(message).getFirst()) {
      case STATISTICS -> ConntrackRecording.datagram(ConntrackRecording.STATISTICS, sequence);
      case CONNECTIONS -> ConntrackRecording.datagram(ConntrackRecording.CONNECTIONS, sequence);
      case EXPECTATIONS -> ConntrackRecording.datagram(ConntrackRecording.EXPECTATIONS, sequence);
      default -> new byte[0];
    };
  }

  private static byte[] damaged(byte[] answer, Random random) {
    for (int i = random.nextInt(3); i > 0 && answer.length > 0; i--) {
      answer[random.nextInt(answer.length)] = (byte) random.nextInt();
    }
    return answer;
  }

  private static byte[] connectionsWithoutEnd() {
    byte[] connections = ConntrackRecording.datagram(ConntrackRecording.CONNECTIONS, 2);
    int end = 0;
    while (end + host(connections).getInt(end) < connections.length) {
      end += host(connections).getInt(end);
    }
    return Arrays.copyOf(connections, end);
  }

  private static List<Integer> types(byte[] message) {
    List<Integer> types = new ArrayList<>();
    for (int at = 0; at < message.length; at += host(message).getInt(at)) {
      types.add((int) host(message).getShort(at + 4));
    }
    return types;
  }

  private static ByteBuffer host(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
