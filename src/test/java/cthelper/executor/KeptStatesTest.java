package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.OTHER_INSTALLATION;
import static cthelper.executor.Plan.OTHER_ROUTER;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.desired;
import static cthelper.executor.Plan.helper;
import static cthelper.executor.Plan.placement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.testing.CapturedLog;
import cthelper.testing.SteppedClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What namespaces are to hold is known to the node itself, also after a restart. */
class KeptStatesTest {

  private static final Placement HERE = placement(ROUTER);
  private static final Placement THERE = placement(OTHER_ROUTER);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path files;
  private final SteppedClock clock = new SteppedClock();
  private final KeptStates states = new KeptStates();

  private static DesiredState ofOther(RouterId router, UUID installation) {
    return new DesiredState(router, new Fence(installation, 1, 9), List.of(helper(TFTP, 69)));
  }

  private Path path() {
    return files.resolve("states");
  }

  private StateFile file(KeptStates kept) {
    return new StateFile(path(), kept, clock, DAY);
  }

  private KeptStates loaded(UUID installation) throws IOException {
    KeptStates loaded = new KeptStates();
    file(loaded).load(Optional.of(installation));
    return loaded;
  }

  @Test
  void theNewestStateIsKept() {
    states.desired(HERE, desired(2, helper(FTP, 21)));
    states.desired(HERE, desired(1));
    assertThat(states.of(HERE)).contains(desired(2, helper(FTP, 21)));
    assertThat(states.isConfirmed(HERE)).isTrue();
    assertThat(states.of(THERE)).isEmpty();
  }

  @Test
  void aStateOfAnotherInstallationIsKeptOnceTheKernelHoldsIt() {
    DesiredState other = ofOther(ROUTER, OTHER_INSTALLATION);
    states.desired(HERE, desired(2, helper(FTP, 21)));
    states.desired(HERE, other);
    assertThat(states.of(HERE)).contains(desired(2, helper(FTP, 21)));
    states.held(HERE, other);
    assertThat(states.of(HERE)).contains(other);
  }

  @Test
  void whatIsForgottenIsNotKept() {
    states.desired(HERE, desired(2, helper(FTP, 21)));
    states.held(HERE, desired(1));
    assertThat(states.of(HERE)).contains(desired(2, helper(FTP, 21)));
    states.desired(HERE, desired(3));
    states.held(HERE, desired(3));
    assertThat(states.all()).isEmpty();
  }

  @Test
  void aNamespaceThatWentAwayHasToBeConfirmedAgain() {
    states.desired(HERE, desired(1, helper(FTP, 21)));
    states.vanished(HERE.namespace());
    assertThat(states.isConfirmed(HERE)).isFalse();
    assertThat(states.of(HERE)).isPresent();
  }

  @Test
  void theFileGivesBackWhatWasKept() throws IOException {
    states.desired(HERE, desired(7, helper(FTP, 2121), helper(TFTP, 69)));
    states.desired(THERE, new DesiredState(OTHER_ROUTER, Plan.fence(8), List.of()));
    file(states).save(Set.of(HERE.namespace(), THERE.namespace()));
    KeptStates loaded = loaded(Plan.INSTALLATION);
    assertThat(loaded.all()).isEqualTo(states.all());
    assertThat(loaded.isConfirmed(HERE)).isFalse();
  }

  @Test
  void aFileOfAnotherInstallationIsIgnoredWithAWarning() throws IOException {
    states.desired(HERE, desired(7, helper(FTP, 2121)));
    file(states).save(Set.of());
    try (CapturedLog log = CapturedLog.of(StateFile.class)) {
      assertThat(loaded(OTHER_INSTALLATION).all()).isEmpty();
      assertThat(log.lines())
          .containsExactly(
              "WARN kept states ignored: 1 are of another installation of this service");
    }
  }

  @Test
  void whatWasNotHereForADayIsIgnoredWithAWarningAndNotWrittenAnyMore() throws IOException {
    states.desired(HERE, desired(7, helper(FTP, 2121)));
    states.desired(THERE, ofOther(OTHER_ROUTER, Plan.INSTALLATION));
    StateFile file = file(states);
    file.save(Set.of(HERE.namespace(), THERE.namespace()));
    clock.pass(DAY.plusSeconds(1));
    try (CapturedLog log = CapturedLog.of(StateFile.class)) {
      assertThat(loaded(Plan.INSTALLATION).all()).isEmpty();
      assertThat(log.lines())
          .containsExactly("WARN kept states ignored: 2 were last here more than PT24H ago");
    }
    file.save(Set.of(HERE.namespace()));
    assertThat(states.all()).containsOnlyKeys(HERE.namespace());
    assertThat(loaded(Plan.INSTALLATION).all()).containsOnlyKeys(HERE.namespace());
  }

  @Test
  void whatIsHereStaysYoungHoweverLongNothingChanges() throws IOException {
    states.desired(HERE, desired(7, helper(FTP, 2121)));
    StateFile file = file(states);
    for (int hour = 0; hour < 48; hour++) {
      file.save(Set.of(HERE.namespace()));
      clock.pass(Duration.ofHours(1));
    }
    assertThat(loaded(Plan.INSTALLATION).all()).containsOnlyKeys(HERE.namespace());
  }

  private void write(String body) throws IOException {
    String text = "conntrack-helper states 1\n" + body;
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    Files.writeString(path(), text + "crc32 %08x\n".formatted(crc.getValue()));
  }

  /** A checksum is no signature: what is not in the catalogue's words is not believed either. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "helper %1$s 1 ftp:tcp 21\n",
        "namespace qrouter-%2$s %2$s %1$s 1 1 1795370000 more\n",
        "namespace ../%2$s %2$s %1$s 1 1 1795370000\n",
        "namespace qrouter-%1$s %2$s %1$s 1 1 1795370000\n",
        "namespace qrouter-%2$s %2$s %1$s -1 1 1795370000\n",
        "namespace qrouter-%2$s %2$s %1$s 1 1 99999999999999999\n",
        "namespace qrouter-%2$s %2$s %1$s 1 1 1795370000\nhelper %1$s 1 bogus:tcp 21\n",
        "namespace qrouter-%2$s %2$s %1$s 1 1 1795370000\nhelper %1$s 1 ftp:tcp 0\n",
        "namespace qrouter-%2$s %2$s %1$s 1 1 1795370000\nhelper %1$s 1 ftp:tcp 65536\n",
        "namespace qrouter-%2$s %2$s %1$s 1 1 1795370000\nhelper %1$s one ftp:tcp 21\n",
      })
  void aFileNobodyCanHaveWrittenIsIgnoredAndSetAside(String body) throws IOException {
    write(body.formatted(Plan.INSTALLATION, ROUTER));
    try (CapturedLog log = CapturedLog.of(ChecksummedFile.class)) {
      assertThat(loaded(Plan.INSTALLATION).all()).isEmpty();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN states ignored: " + path() + " is damaged (");
    }
    assertThat(files.resolve("states.damaged")).exists();
  }

  @Test
  void aTruncatedFileIsIgnored() throws IOException {
    states.desired(HERE, desired(7, helper(FTP, 2121)));
    file(states).save(Set.of(HERE.namespace()));
    byte[] whole = Files.readAllBytes(path());
    for (int length = 0; length < whole.length - 1; length += 7) {
      Files.write(path(), Arrays.copyOf(whole, length));
      assertThat(loaded(Plan.INSTALLATION).all()).isEmpty();
    }
  }

  @Test
  void aDiskThatFailsIsSaidOnceAndOnceThatItWorks() throws IOException {
    StateFile file = file(states);
    states.desired(HERE, desired(7, helper(FTP, 2121)));
    Files.createDirectories(path().resolve("in the way"));
    try (CapturedLog log = CapturedLog.of(StateFile.class)) {
      assertThatCode(() -> file.save(Set.of())).doesNotThrowAnyException();
      file.save(Set.of());
      assertThat(log.lines()).hasSize(1);
      Files.delete(path().resolve("in the way"));
      Files.delete(path());
      file.save(Set.of());
      assertThat(log.lines()).hasSize(2).last().isEqualTo("INFO kept states are written again");
    }
    assertThat(loaded(Plan.INSTALLATION).all()).hasSize(1);
  }
}
