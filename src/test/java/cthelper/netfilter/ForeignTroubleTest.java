package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.netfilter.RecordedSystemCalls.Answer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading foreign assignments where the kernel, or the way to it, gives trouble. */
class ForeignTroubleTest {

  private static final Path NAMESPACE = Path.of("/run/netns/one");
  private static final String NAMES = "/proc/thread-self/net/ip_tables_names";

  private final RecordedSystemCalls calls = new RecordedSystemCalls();
  private final NamespaceDoor door = new NamespaceDoor(calls);
  private final NamespaceSocket socket;

  ForeignTroubleTest() {
    calls.addNamespace(NAMESPACE.toString());
    socket = ((Opening.Opened) door.open(NAMESPACE)).socket();
  }

  @AfterEach
  void closeDoor() {
    door.close();
  }

  @Test
  void restlessRulesetIsContended() {
    int[] generation = {0};
    calls.answerWith(message -> List.of(generation(message, generation[0]++)));

    assertThat(ForeignAssignments.read(socket)).isEqualTo(new ForeignReading.Contended(20));
  }

  @Test
  void lostAnswersAreAskedForAgain() {
    calls.answerWith(message -> List.of(Answer.trouble(Errno.ENOBUFS)));

    assertThat(ForeignAssignments.read(socket)).isEqualTo(new ForeignReading.Contended(20));
  }

  @Test
  void refusalIsSaid() {
    calls.failNext("send", Errno.ENOMEM);

    assertThat(ForeignAssignments.read(socket))
        .isEqualTo(
            new ForeignReading.Failed(Errno.ENOMEM, "foreign rules: ENOMEM (out of memory)"));
  }

  @Test
  void noTableIsAskedForWhereNoneIs() {
    calls.addFile(NAMES, "filter\n");

    assertThat(readLegacy()).isEqualTo(new LegacyReading.Read(List.of()));
    assertThat(calls.record()).doesNotContain("getsockopt 64", "getsockopt 65");
  }

  @Test
  void anotherNamespaceOfTheNameIsNotRead() {
    calls.addFile(NAMES, "raw\n");

    assertThat(door.readLegacy(NAMESPACE, socket.cookie() + 1)).isEqualTo(new LegacyReading.Gone());
    assertThat(door.readLegacy(Path.of("/run/netns/other"), socket.cookie()))
        .isEqualTo(new LegacyReading.Gone());
    assertThat(calls.record()).doesNotContain("getsockopt 64");
  }

  @Test
  void tableThatAlwaysGrowsIsGivenUp() {
    calls.addFile(NAMES, "raw\n");
    calls.answerOptionsWith(option ->
        option == Linux.XT_GET_INFO ? Answer.datagram(new byte[84]) : Answer.trouble(Errno.EAGAIN));
    int descriptors = calls.openDescriptors();

    assertThat(readLegacy())
        .isEqualTo(
            new LegacyReading.Failed(
                Errno.EAGAIN, "iptables-legacy: getsockopt: EAGAIN (nothing there for now)"));
    assertThat(calls.openDescriptors()).isEqualTo(descriptors);
    assertThat(calls.namespacesWithThreads()).doesNotContain(socket.cookie());
  }

  @Test
  void fileThatIsClosedToUsIsSaid() {
    calls.addFile(NAMES, "raw\n");
    calls.failAfter("open", 1, Errno.EACCES);

    assertThat(readLegacy())
        .isEqualTo(
            new LegacyReading.Failed(
                Errno.EACCES, "iptables-legacy: open: EACCES (permission denied)"));
  }

  private LegacyReading readLegacy() {
    return door.readLegacy(NAMESPACE, socket.cookie());
  }

  /** The answer to a question for the generation. */
  private static Answer generation(byte[] message, int generation) {
    byte[] answer = GoldenBytes.of("reading/5-answers");
    System.arraycopy(message, 8, answer, 8, Integer.BYTES);
    ByteBuffer.wrap(answer).putShort(18, (short) generation).putInt(24, generation);
    return Answer.datagram(answer);
  }
}
