package cthelper.executor;

import cthelper.model.Fence;
import cthelper.model.Quoted;
import cthelper.model.RouterId;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jboss.logging.Logger;

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

  private static final Logger LOG = Logger.getLogger(TableTombstones.class);
  private static final String TITLE = "conntrack-helper tombstones 1";
  private static final String CHECKSUM = "crc32 ";
  private static final Duration KEPT = Duration.ofDays(1);

  private record Tombstone(Fence fence, Instant since) {}

  private final Path file;
  private final Clock clock;
  private final Map<RouterId, Tombstone> byRouter;
  private String onDisk;

  private TableTombstones(
      Path file, Clock clock, String onDisk, Map<RouterId, Tombstone> byRouter) {
    this.file = file;
    this.clock = clock;
    this.onDisk = onDisk;
    this.byRouter = byRouter;
  }

  /**
   * Reads the file. One that is damaged is said in the log, set aside as {@code *.damaged}, and
   * started anew: it protects against a rare race only, and must not keep a node from working.
   *
   * @throws IOException when the disk fails
   */
  static TableTombstones load(Path file, Clock clock) throws IOException {
    try {
      String text = Files.readString(file);
      return new TableTombstones(file, clock, text, parse(text));
    } catch (NoSuchFileException e) {
      return new TableTombstones(file, clock, "", new HashMap<>());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      LOG.warnf(
          "tombstones ignored: %s is damaged (%s)",
          file, Quoted.of(String.valueOf(e.getMessage())));
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".damaged"),
          StandardCopyOption.REPLACE_EXISTING);
      return new TableTombstones(file, clock, "", new HashMap<>());
    }
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
    String text = render(byRouter);
    if (!text.equals(onDisk)) {
      DurableFile.replace(file, text);
      onDisk = text;
    }
  }

  private boolean isOld(Tombstone tombstone) {
    return tombstone.since.isBefore(clock.instant().minus(KEPT));
  }

  private static String render(Map<RouterId, Tombstone> tombstones) {
    String body =
        tombstones.entrySet().stream()
            .map(entry -> line(entry.getKey(), entry.getValue()))
            .sorted()
            .collect(Collectors.joining("\n", TITLE + "\n", "\n"));
    return body + CHECKSUM + checksum(body) + "\n";
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

  private static Map<RouterId, Tombstone> parse(String text) {
    int end = text.lastIndexOf(CHECKSUM);
    if (end < 0
        || !text.substring(end).strip().equals(CHECKSUM + checksum(text.substring(0, end)))) {
      throw new IllegalArgumentException("its checksum is wrong");
    }
    List<String> lines = text.substring(0, end).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(TITLE)) {
      throw new IllegalArgumentException("it does not begin with \"" + TITLE + "\"");
    }
    Map<RouterId, Tombstone> tombstones = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
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

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
