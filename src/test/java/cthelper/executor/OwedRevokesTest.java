package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.TFTP;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.HelperSpec;
import cthelper.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was removed is looked for twice, also when the process ends in between. */
class OwedRevokesTest {

  private static final long COOKIE = -7; // unsigned: a large one
  private static final HelperSpec FTP_21 = new HelperSpec(FTP, 21);
  private static final HelperSpec TFTP_69 = new HelperSpec(TFTP, 69);

  @TempDir Path files;
  private final SteppedClock clock = new SteppedClock();

  private OwedRevokes load(String boot) throws IOException {
    return OwedRevokes.load(files.resolve("revokes"), boot);
  }

  @Test
  void twoLooksAMomentApartSettleIt() throws IOException {
    OwedRevokes owed = load("boot-1");
    owed.owe(COOKIE, Set.of(FTP_21, TFTP_69));
    assertThat(owed.looked(COOKIE, Set.of(FTP_21, TFTP_69), clock.instant())).isFalse();
    clock.pass(OwedRevokes.SECOND_LOOK.minusMillis(1));
    assertThat(owed.looked(COOKIE, Set.of(FTP_21, TFTP_69), clock.instant())).isFalse();
    clock.pass(OwedRevokes.SECOND_LOOK);
    assertThat(owed.looked(COOKIE, Set.of(FTP_21), clock.instant())).isFalse();
    assertThat(owed.of(COOKIE)).containsExactly(TFTP_69);
    assertThat(owed.looked(COOKIE, Set.of(TFTP_69), clock.instant())).isTrue();
    assertThat(owed.of(COOKIE)).isEmpty();
  }

  @Test
  void whatIsRemovedAgainMeanwhileIsLookedForTwiceAgain() throws IOException {
    OwedRevokes owed = load("boot-1");
    owed.owe(COOKIE, Set.of(FTP_21));
    owed.looked(COOKIE, Set.of(FTP_21), clock.instant());
    clock.pass(OwedRevokes.SECOND_LOOK);
    owed.owe(COOKIE, Set.of(FTP_21));
    assertThat(owed.looked(COOKIE, Set.of(FTP_21), clock.instant())).isFalse();
  }

  @Test
  void whatIsAssignedAgainIsNotLookedFor() throws IOException {
    OwedRevokes owed = load("boot-1");
    owed.owe(COOKIE, Set.of(FTP_21, TFTP_69));
    owed.assigned(COOKIE, List.of(FTP_21));
    assertThat(owed.of(COOKIE)).containsExactly(TFTP_69);
    assertThat(load("boot-1").of(COOKIE)).containsExactly(TFTP_69);
  }

  @Test
  void aRestartKnowsWhatIsOwedBeforeTheTableChanges() throws IOException {
    load("boot-1").owe(COOKIE, Set.of(FTP_21));
    assertThat(Files.readAllLines(files.resolve("revokes")))
        .startsWith("conntrack-helper revokes 1", "boot boot-1", "18446744073709551609 ftp:tcp 21");
    assertThat(load("boot-1").of(COOKIE)).containsExactly(FTP_21);
  }

  @Test
  void anotherBootHasOtherNamespaces() throws IOException {
    load("boot-1").owe(COOKIE, Set.of(FTP_21));
    assertThat(load("boot-2").of(COOKIE)).isEmpty();
  }

  @Test
  void aNamespaceThatIsGoneOwesNothing() throws IOException {
    OwedRevokes owed = load("boot-1");
    owed.owe(COOKIE, Set.of(FTP_21));
    owed.vanished(COOKIE);
    assertThat(owed.of(COOKIE)).isEmpty();
  }
}
