package cthelper.executor;

import cthelper.executor.ChecksummedFile.Lasting;
import cthelper.model.Fence;
import cthelper.model.RouterId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The fences of namespaces whose table is gone: without them an older desired state, late on its
 * way, would bring removed helpers back.
 *
 * <p>A fence is on disk before its table is removed. Example of the file:
 *
 * <pre>
 * conntrack-helper tombstones 1
 * 5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1 7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11 1 42 1795370000
 * crc32 8d41c9aa
 * </pre>
 *
 * router, installation, epoch, number, when (seconds since 1970). Kept for a day: nothing is on its
 * way for longer. Thread-safe.
 */
final class TableTombstones {

  private static final String TITLE = "conntrack-helper tombstones 1";
  private static final Duration KEPT = Duration.ofDays(1);

  private record Tombstone(Fence fence, Instant since) {}

  private final ChecksummedFile file;
  private final Clock clock;
  private final Map<RouterId, Tombstone> byRouter;

  private TableTombstones(ChecksummedFile file, Clock clock, Map<RouterId, Tombstone> byRouter) {
    this.file = file;
    this.clock = clock;
    this.byRouter = byRouter;
  }

  /**
   * Reads the file. One that is damaged is said in the log, set aside as {@code *.damaged}, and
   * started anew: it protects against a rare race only, and must not keep a node from working.
   *
   * @throws IOException when the disk fails
   */
  static TableTombstones load(Path path, Clock clock) throws IOException {
    ChecksummedFile file = new ChecksummedFile(path, TITLE, Lasting.MACHINE);
    return new TableTombstones(
        file, clock, file.load(TableTombstones::parse).orElseGet(HashMap::new));
  }

  /** The fence at which this router was last empty here, if that was not more than a day ago. */
  synchronized Optional<Fence> of(RouterId router) {
    return Optional.ofNullable(byRouter.get(router))
        .filter(tombstone -> !isOld(tombstone))
        .map(Tombstone::fence);
  }

  /**
   * Remembers that the router is empty at this fence, for a router that had no table anyway: on
   * disk only with the next {@link #bury}. An older fence changes nothing.
   */
  synchronized void remember(RouterId router, Fence fence) {
    byRouter.values().removeIf(this::isOld);
    Tombstone known = byRouter.get(router);
    if (known == null
        || !known.fence.isOfSameInstallation(fence)
        || fence.isNewerThan(known.fence)) {
      byRouter.put(router, new Tombstone(fence, clock.instant()));
    }
  }

  /**
   * Remembers that the router is empty at this fence; on disk when it returns. An older fence of
   * the same installation changes nothing.
   */
  synchronized void bury(RouterId router, Fence fence) throws IOException {
    remember(router, fence);
    file.replace(lines(byRouter));
  }

  private boolean isOld(Tombstone tombstone) {
    return tombstone.since.isBefore(clock.instant().minus(KEPT));
  }

  private static List<String> lines(Map<RouterId, Tombstone> tombstones) {
    return tombstones.entrySet().stream()
        .map(entry -> line(entry.getKey(), entry.getValue()))
        .sorted()
        .toList();
  }

  private static String line(RouterId router, Tombstone tombstone) {
    Fence fence = tombstone.fence;
    return String.join(
        " ",
        router.toString(),
        fence.installation().toString(),
        Integer.toString(fence.epoch()),
        Long.toString(fence.number()),
        Long.toString(tombstone.since.getEpochSecond()));
  }

  private static Map<RouterId, Tombstone> parse(List<String> lines) {
    Map<RouterId, Tombstone> tombstones = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words.length != 5) {
        throw new IllegalArgumentException("a line has " + words.length + " words, not 5");
      }
      Fence fence =
          new Fence(
              UUID.fromString(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
      tombstones.put(
          RouterId.parse(words[0]).orElseThrow(IllegalArgumentException::new),
          new Tombstone(fence, Instant.ofEpochSecond(Long.parseLong(words[4]))));
    }
    return tombstones;
  }
}
