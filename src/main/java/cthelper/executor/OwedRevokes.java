package cthelper.executor;

import cthelper.executor.ChecksummedFile.Lasting;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Assignments that were removed, or are about to be, while live connections may still carry their
 * helpers. Known before the table changes and until two looks have found nothing left: the second
 * one, a moment later, sees the connections that were being made meanwhile. Survives a crash of the
 * process:
 *
 * <pre>
 * conntrack-helper revokes 1
 * boot 3f0c5a5e-8f0e-4c0f-9a41-54f0d2a3c1b7
 * 4711 ftp:tcp 2121
 * crc32 8d41c9aa
 * </pre>
 *
 * of this boot: the namespace's cookie (unsigned), type, port. Another boot has other connections,
 * and gives the same cookies to other namespaces. Thread-safe.
 */
final class OwedRevokes {

  /** Longer than any packet needs from the rule to the table of connections. */
  static final Duration SECOND_LOOK = Duration.ofMillis(100);

  private final ChecksummedFile file;
  private final String boot;

  /** By namespace: what is owed, and when it was first looked for; {@code MAX} when not yet. */
  private final Map<Long, Map<HelperSpec, Instant>> byCookie;

  private OwedRevokes(
      ChecksummedFile file, String boot, Map<Long, Map<HelperSpec, Instant>> byCookie) {
    this.file = file;
    this.boot = boot;
    this.byCookie = byCookie;
  }

  /**
   * Reads the file.
   *
   * @param boot names this boot of the machine: {@code /proc/sys/kernel/random/boot_id}
   * @throws IOException when the disk fails
   */
  static OwedRevokes load(Path path, String boot) throws IOException {
    ChecksummedFile file = new ChecksummedFile(path, "conntrack-helper revokes 1", Lasting.PROCESS);
    return new OwedRevokes(
        file, boot, file.load(lines -> parse(lines, boot)).orElseGet(HashMap::new));
  }

  /**
   * These will go: from now on their connections are to be looked for.
   *
   * @param cookie of the namespace
   */
  synchronized void owe(long cookie, Set<HelperSpec> removed) throws IOException {
    Map<HelperSpec, Instant> owed = byCookie.computeIfAbsent(cookie, any -> new HashMap<>());
    boolean isNews = false;
    for (HelperSpec spec : removed) {
      isNews |= !Instant.MAX.equals(owed.put(spec, Instant.MAX));
    }
    if (isNews) {
      write();
    }
  }

  /** What is to be looked for in this namespace. */
  synchronized Set<HelperSpec> of(long cookie) {
    return Set.copyOf(byCookie.getOrDefault(cookie, Map.of()).keySet());
  }

  /** These are assigned again, so that connections may well carry them. */
  synchronized void assigned(long cookie, Collection<HelperSpec> specs) throws IOException {
    Map<HelperSpec, Instant> owed = byCookie.getOrDefault(cookie, new HashMap<>());
    if (owed.keySet().removeAll(specs)) {
      write();
    }
  }

  /**
   * No connection carries them any more.
   *
   * @param begin when the look began
   * @return whether all has been settled; if not, look again after {@link #SECOND_LOOK}
   */
  synchronized boolean looked(long cookie, Set<HelperSpec> specs, Instant begin)
      throws IOException {
    Map<HelperSpec, Instant> owed = byCookie.getOrDefault(cookie, new HashMap<>());
    boolean settled = false;
    for (HelperSpec spec : specs) {
      Instant first = owed.get(spec);
      if (first == null || first.equals(Instant.MAX)) {
        owed.computeIfPresent(spec, (any, never) -> begin);
      } else if (!first.plus(SECOND_LOOK).isAfter(begin)) {
        owed.remove(spec);
        settled = true;
      }
    }
    if (settled) {
      write();
    }
    return owed.isEmpty();
  }

  /** The namespace is gone, and its connections with it. */
  synchronized void vanished(long cookie) {
    byCookie.remove(cookie); // on disk until the next change: no other namespace gets this cookie
  }

  /** Forgets namespaces that are not among these: they went while nobody noticed. */
  synchronized void retain(Set<Long> cookies) {
    byCookie.keySet().retainAll(cookies);
  }

  private void write() throws IOException {
    byCookie.values().removeIf(Map::isEmpty);
    List<String> lines = new ArrayList<>();
    lines.add("boot " + boot);
    byCookie.forEach((cookie, owed) ->
        owed.keySet()
            .forEach(spec ->
                lines.add(Long.toUnsignedString(cookie) + " " + spec.type() + " " + spec.port())));
    lines.subList(1, lines.size()).sort(null);
    file.replace(lines);
  }

  private static Map<Long, Map<HelperSpec, Instant>> parse(List<String> lines, String boot) {
    Map<Long, Map<HelperSpec, Instant>> byCookie = new HashMap<>();
    if (lines.isEmpty() || !lines.getFirst().equals("boot " + boot)) {
      return byCookie;
    }
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(" ", -1);
      if (words.length != 3) {
        throw new IllegalArgumentException("a line has " + words.length + " words, not 3");
      }
      HelperType type = HelperCatalog.parse(words[1]);
      byCookie
          .computeIfAbsent(Long.parseUnsignedLong(words[0]), any -> new HashMap<>())
          .put(new HelperSpec(type, Integer.parseInt(words[2])), Instant.MAX);
    }
    return byCookie;
  }
}
