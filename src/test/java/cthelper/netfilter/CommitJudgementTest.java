package cthelper.netfilter;

import static cthelper.netfilter.KernelAnswers.no;
import static cthelper.netfilter.KernelAnswers.yes;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What the kernel's answers to a refill mean. Its requests are: 1 begin, 2 compare fence, 3 set
 * fence, 4 and 5 objects sip and tftp, 6 empty map, 7 fill it with ftp, tftp and sip, 8 commit.
 */
class CommitJudgementTest {

  private static final Ours BEFORE =
      new Ours(
          7,
          fence(42),
          new TreeMap<>(Map.of(FTP.spec(), FTP.id())),
          Set.of(),
          Set.of(FTP.spec().type()),
          Integrity.INTACT,
          Ownership.NONE);

  private final RecordedSystemCalls calls = new RecordedSystemCalls();

  @Test
  void yesToTheCommitIsProof() {
    assertThat(refill(yes(7), yes(8))).isEqualTo(new CommitResult.Committed());
  }

  /** Before Linux 6.10 the end of a batch is never acknowledged. */
  @Test
  void yesToTheLastChangeIsProofOnOlderKernels() {
    assertThat(refill(yes(7))).isEqualTo(new CommitResult.Committed());
  }

  @Test
  void yesToTheLastChangeIsNoProofWhenAnythingWasRefused() {
    assertThat(refill(no(6, Errno.EBUSY, 20), yes(7)))
        .isEqualTo(new CommitResult.Failed(Errno.EBUSY, "empty map: EBUSY: still in use"));
  }

  @Test
  void silenceIsUnknown() {
    assertThat(refill()).isInstanceOf(CommitResult.Unknown.class);
  }

  @Test
  void overflowIsUnknownWhateverElseWasSaid() {
    assertThat(refill(yes(8), Answer.trouble(Errno.ENOBUFS)))
        .isEqualTo(new CommitResult.Unknown(Errno.ENOBUFS));
  }

  @Test
  void staleGenerationIsNoticed() {
    assertThat(refill(no(1, Errno.ERESTART, 20))).isEqualTo(new CommitResult.GenerationMoved());
  }

  @Test
  void missingFenceIsNoticedWhateverElseFails() {
    assertThat(refill(no(2, Errno.ENOENT, 68), no(5, Errno.ENOENT, 0)))
        .isEqualTo(new CommitResult.GenerationMoved());
  }

  @Test
  void refusedObjectConcernsItsUsersAndTheRestOfTheBatchFollows() {
    assertThat(refill(no(5, Errno.ENOENT, 0), no(7, Errno.ENOENT, 140)))
        .isEqualTo(
            new CommitResult.HelpersRefused(
                Map.of(TFTP.id(), new KernelRefusal(Errno.ENOENT, "no such thing"))));
  }

  @Test
  void refusedElementIsTheOneAtTheOffset() {
    assertThat(refill(no(7, Errno.EEXIST, 60)))
        .isEqualTo(
            new CommitResult.HelpersRefused(
                Map.of(FTP.id(), new KernelRefusal(Errno.EEXIST, "exists already"))));
  }

  @Test
  void faultOfTheMachineIsNoHelpersFault() {
    assertThat(refill(no(5, Errno.ENOENT, 0), no(7, Errno.ENOMEM, 60)))
        .isEqualTo(new CommitResult.Failed(Errno.ENOMEM, "fill map: ENOMEM: out of memory"));
  }

  @Test
  void batchThatIsTooLongFails() {
    calls.failNext("send", Errno.EMSGSIZE);

    assertThat(refill())
        .isEqualTo(new CommitResult.Failed(Errno.EMSGSIZE, "send: EMSGSIZE (message too long)"));
  }

  private CommitResult refill(Answer... answers) {
    calls.answerWith(message -> List.of(answers));
    return new HelperTable(INSTALLATION)
        .write(NamespaceSocket.open(calls), BEFORE, fence(43), List.of(SIP, FTP, TFTP), false);
  }
}
