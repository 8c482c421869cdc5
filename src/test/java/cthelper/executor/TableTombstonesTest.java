package cthelper.executor;

import static cthelper.executor.Plan.OTHER_INSTALLATION;
import static cthelper.executor.Plan.OTHER_ROUTER;
import static cthelper.executor.Plan.ROUTER;
import static cthelper.executor.Plan.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.model.Fence;
import cthelper.testing.CapturedLog;
import cthelper.testing.SteppedClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fence of a removed table is remembered for a day, over any restart. */
class TableTombstonesTest {

  @TempDir Path directory;
  private final SteppedClock clock = new SteppedClock();
  private Path file;

  @BeforeEach
  void plan() {
    file = directory.resolve("node/tombstones");
  }

  private TableTombstones load() throws IOException {
    return TableTombstones.load(file, clock);
  }

  private TableTombstones withTombstone(long number) throws IOException {
    TableTombstones tombstones = load();
    tombstones.bury(ROUTER, fence(number));
    return tombstones;
  }

  @Test
  void aNewNodeRemembersNothing() throws IOException {
    assertThat(load().of(ROUTER)).isEmpty();
  }

  @Test
  void aTombstoneSurvivesReload() throws IOException {
    withTombstone(42);
    TableTombstones reloaded = load();
    assertThat(reloaded.of(ROUTER)).contains(fence(42));
    assertThat(reloaded.of(OTHER_ROUTER)).isEmpty();
  }

  @Test
  void theFileLooksAsDocumented() throws IOException {
    withTombstone(42);
    assertThat(file)
        .hasContent(
            """
            conntrack-helper tombstones 1
            5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1 7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11 1 42 1795348800
            crc32 6a19f6d6
            """);
  }

  @Test
  void severalRoutersSurviveReload() throws IOException {
    withTombstone(42).bury(OTHER_ROUTER, new Fence(Plan.INSTALLATION, 3, Long.MAX_VALUE));
    TableTombstones reloaded = load();
    assertThat(reloaded.of(ROUTER)).contains(fence(42));
    assertThat(reloaded.of(OTHER_ROUTER)).contains(new Fence(Plan.INSTALLATION, 3, Long.MAX_VALUE));
  }

  @Test
  void anOlderFenceChangesNothing() throws IOException {
    TableTombstones tombstones = withTombstone(42);
    tombstones.bury(ROUTER, fence(41));
    assertThat(tombstones.of(ROUTER)).contains(fence(42));
    assertThat(load().of(ROUTER)).contains(fence(42));
  }

  @Test
  void aNewerFenceReplacesIt() throws IOException {
    withTombstone(42).bury(ROUTER, fence(43));
    assertThat(load().of(ROUTER)).contains(fence(43));
  }

  @Test
  void anotherInstallationsFenceReplacesItWhateverItsNumber() throws IOException {
    Fence other = new Fence(OTHER_INSTALLATION, 1, 1);
    withTombstone(42).bury(ROUTER, other);
    assertThat(load().of(ROUTER)).contains(other);
  }

  @Test
  void itIsBelievedForADay() throws IOException {
    TableTombstones tombstones = withTombstone(42);
    clock.pass(Duration.ofDays(1));
    assertThat(tombstones.of(ROUTER)).contains(fence(42));
  }

  @Test
  void afterADayItIsForgotten() throws IOException {
    TableTombstones tombstones = withTombstone(42);
    clock.pass(Duration.ofDays(1).plusSeconds(1));
    assertThat(tombstones.of(ROUTER)).isEmpty();
    assertThat(load().of(ROUTER)).isEmpty();
  }

  @Test
  void theNextOneDropsOldOnesFromTheFile() throws IOException {
    TableTombstones tombstones = withTombstone(42);
    clock.pass(Duration.ofDays(2));
    tombstones.bury(OTHER_ROUTER, fence(43));
    assertThat(Files.readString(file)).doesNotContain(ROUTER.toString());
  }

  @Test
  void theSameFenceIsBuriedAgainAfterADay() throws IOException {
    TableTombstones tombstones = withTombstone(42);
    clock.pass(Duration.ofDays(2));
    tombstones.bury(ROUTER, fence(42));
    assertThat(load().of(ROUTER)).contains(fence(42));
  }

  @Test
  void aRememberedOneIsKnownWithoutADisk() throws IOException {
    TableTombstones tombstones = load();
    tombstones.remember(ROUTER, fence(42));
    assertThat(tombstones.of(ROUTER)).contains(fence(42));
    assertThat(file).doesNotExist();
  }

  @Test
  void aRememberedOneIsOnDiskWhenItIsBuried() throws IOException {
    TableTombstones tombstones = load();
    tombstones.remember(ROUTER, fence(42));
    tombstones.bury(ROUTER, fence(42));
    assertThat(load().of(ROUTER)).contains(fence(42));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "crc32 00000000\n",
        "conntrack-helper tombstones 1\ncrc32 00000000\n",
        "ÿþ not UTF-8"
      })
  void aDamagedFileIsSetAsideWithAWarning(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    try (CapturedLog log = CapturedLog.of(ChecksummedFile.class)) {
      assertThat(load().of(ROUTER)).isEmpty();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN tombstones ignored: " + file + " is damaged (");
    }
    assertThat(file).doesNotExist();
    assertThat(file.resolveSibling("tombstones.damaged")).hasBinaryContent(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 30, 100, 119, 125, 133})
  void oneFlippedBitIsDamage(int position) throws IOException {
    withTombstone(42);
    byte[] bytes = Files.readAllBytes(file);
    bytes[position] ^= 1;
    Files.write(file, bytes);
    assertThat(load().of(ROUTER)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 119, 132})
  void aShortenedFileIsDamage(int length) throws IOException {
    withTombstone(42);
    Files.writeString(file, Files.readString(file).substring(0, length));
    assertThat(load().of(ROUTER)).isEmpty();
  }

  @Test
  void aCrashBetweenDraftAndRenameLeavesTheOldFile() throws IOException {
    withTombstone(42);
    Files.writeString(file.resolveSibling("tombstones.new"), "half of the ne");
    assertThat(load().of(ROUTER)).contains(fence(42));
  }

  @Test
  void aDiskThatFailsIsAnErrorAndIsTriedAgain() throws IOException {
    TableTombstones tombstones = withTombstone(42);
    Path draft = Files.createDirectory(file.resolveSibling("tombstones.new"));
    assertThatThrownBy(() -> tombstones.bury(ROUTER, fence(43))).isInstanceOf(IOException.class);
    Files.delete(draft);
    tombstones.bury(ROUTER, fence(43));
    assertThat(load().of(ROUTER)).contains(fence(43));
  }
}
