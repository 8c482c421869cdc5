package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.INSTALLATION;
import static cthelper.netfilter.KernelFixture.SIP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.netfilter.RecordedSystemCalls.Answer;
import cthelper.netfilter.TableReading.Integrity;
import cthelper.netfilter.TableReading.Ours;
import cthelper.netfilter.TableReading.Ownership;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reading the answers of a real kernel to a table with ftp at 21, tftp at 69, sip over udp at 5060
 * and fence 1.(2^40 + 42), which another socket owns.
 */
class HelperTableReadTest {

  private static final int STEPS = 5;
  private static final Ours RECORDED =
      new Ours(
          2,
          fence(1L << 40 | 42),
          new TreeMap<>(Map.of(FTP.spec(), FTP.id(), TFTP.spec(), TFTP.id(), SIP.spec(), SIP.id())),
          Set.of(),
          Set.of(FTP.spec().type(), TFTP.spec().type(), SIP.spec().type()),
          Integrity.INTACT,
          Ownership.OTHERS);

  private final RecordedSystemCalls calls = new RecordedSystemCalls();

  static IntStream seeds() {
    return IntStream.range(0, 500);
  }

  @Test
  void recordedTableIsUnderstood() {
    assertThat(read(INSTALLATION, recorded())).isEqualTo(RECORDED);
  }

  @Test
  void anotherInstallationSeesAForeignTable() {
    assertThat(read(UUID.randomUUID(), recorded()))
        .isInstanceOfSatisfying(
            TableReading.Foreign.class,
            foreign -> assertThat(foreign.installation()).contains(INSTALLATION));
  }

  @Test
  void changeDuringTheReadingIsNoticed() {
    List<byte[]> answers = recorded();
    ByteBuffer.wrap(answers.getLast()).putInt(24, 3);

    assertThat(read(INSTALLATION, answers)).isNotInstanceOf(Ours.class);
  }

  @Test
  void dumpOfAnotherMomentIsNoticed() {
    List<byte[]> answers = recorded();
    ByteBuffer.wrap(answers.get(3)).putShort(18, (short) 3);

    assertThat(read(INSTALLATION, answers)).isNotInstanceOf(Ours.class);
  }

  /** The first message is about the generation, the next one is the table. */
  @Test
  void silenceAboutTheTableDoesNotMeanThatThereIsNone() {
    List<byte[]> answers = new ArrayList<>(recorded());
    ByteBuffer first = ByteBuffer.wrap(answers.getFirst()).order(ByteOrder.nativeOrder());
    int table = first.getInt(0);
    int chain = table + first.getInt(table);
    byte[] silent = Arrays.copyOf(first.array(), first.capacity() - (chain - table));
    System.arraycopy(first.array(), chain, silent, table, silent.length - table);
    answers.set(0, silent);

    assertThat(read(INSTALLATION, answers)).isNotInstanceOf(TableReading.Absent.class);
  }

  @Test
  void interruptedDumpIsNoticed() {
    List<byte[]> answers = recorded();
    ByteBuffer.wrap(answers.get(1)).order(ByteOrder.nativeOrder()).putShort(6, (short) 0x12);

    assertThat(read(INSTALLATION, answers)).isNotInstanceOf(Ours.class);
  }

  @Test
  void restlessRulesetIsContended() {
    int[] generation = {0};
    calls.answerWith(message -> List.of(generation(message, generation[0]++)));

    assertThat(new HelperTable(INSTALLATION).read(NamespaceSocket.open(calls)))
        .isEqualTo(new TableReading.Contended(20));
  }

  @Test
  void answersLostOnceAreAskedForAgain() {
    calls.answerWith(message -> List.of(Answer.trouble(Errno.ENOBUFS)));

    assertThat(new HelperTable(INSTALLATION).read(NamespaceSocket.open(calls)))
        .isEqualTo(new TableReading.Contended(20));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedAnswersNeverThrow(int seed) {
    Random random = new Random(seed);
    List<byte[]> answers = recorded();
    byte[] damaged = answers.get(random.nextInt(STEPS));
    for (int i = random.nextInt(4); i >= 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }

    assertThat(read(INSTALLATION, answers)).isNotNull();
  }

  private TableReading read(UUID installation, List<byte[]> answers) {
    List<byte[]> left = new ArrayList<>(answers);
    calls.answerWith(
        message -> left.isEmpty() ? List.of() : List.of(Answer.datagram(left.removeFirst())));
    return new HelperTable(installation).read(NamespaceSocket.open(calls));
  }

  private static List<byte[]> recorded() {
    return IntStream.rangeClosed(1, STEPS)
        .mapToObj(step -> GoldenBytes.of("reading/" + step + "-answers"))
        .toList();
  }

  /** The answer to the first request of a message: a generation. */
  private static Answer generation(byte[] message, int generation) {
    byte[] answer = GoldenBytes.of("reading/5-answers");
    System.arraycopy(message, 8, answer, 8, Integer.BYTES);
    ByteBuffer.wrap(answer).putShort(18, (short) generation).putInt(24, generation);
    return Answer.datagram(answer);
  }
}
