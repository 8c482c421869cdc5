package cthelper.executor;

import cthelper.executor.ChecksummedFile.Lasting;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.Quoted;
import cthelper.model.RouterId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The {@link KeptStates} on disk, so that a node that starts again needs nobody to tell it what its
 * namespaces are to hold. Example of the file:
 *
 * <pre>
 * conntrack-helper states 1
 * namespace qrouter-5c9e… 5c9e… 7c1f0a52-… 1 42 1795370000
 * helper 6f1c… 3 ftp:tcp 2121
 * crc32 8d41c9aa
 * </pre>
 *
 * namespace, router, installation, epoch, number, when it was last here (seconds since 1970); then
 * its helpers: id, revision, type, port. Whatever is not in the catalogue's words damages the whole
 * file. Written some time after a change, by one thread; a crash costs the last second, which the
 * fence in the kernel and the control plane make good.
 */
final class StateFile {

  private static final Logger LOG = Logger.getLogger(StateFile.class);
  private static final Duration REFRESH = Duration.ofMinutes(10);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  /** A file of many routers takes longer to write; it may use this part of the time. */
  private static final int PART_OF_TIME = 20;

  private final ChecksummedFile file;
  private final KeptStates states;
  private final Clock clock;
  private final Duration oldest;
  private final Map<String, Instant> seen = new HashMap<>();
  private long written;
  private Instant refreshed = Instant.MIN;
  private boolean troubleSaid;

  /** One namespace as the file has it. */
  private record Entry(String namespace, DesiredState state, Instant seen) {}

  /**
   * @param oldest what was not here for so long is not restored
   */
  StateFile(Path path, KeptStates states, Clock clock, Duration oldest) {
    this.file = new ChecksummedFile(path, "conntrack-helper states 1", Lasting.MACHINE);
    this.states = states;
    this.clock = clock;
    this.oldest = oldest;
  }

  /**
   * Reads the file into the kept states: only what is of this installation and not too old.
   *
   * @param installation of the control plane; empty when it is not known yet
   * @throws IOException when the disk fails
   */
  synchronized void load(Optional<UUID> installation) throws IOException {
    int foreign = 0;
    int old = 0;
    for (Entry entry : file.load(StateFile::parse).orElse(List.of())) {
      UUID whose = entry.state.fence().installation();
      if (installation.filter(ours -> !ours.equals(whose)).isPresent()) {
        foreign++;
      } else if (entry.seen.plus(oldest).isBefore(clock.instant())) {
        old++;
      } else {
        states.restore(entry.namespace, entry.state);
        seen.put(entry.namespace, entry.seen);
      }
    }
    if (foreign > 0) {
      LOG.warnf("kept states ignored: %d are of another installation of this service", foreign);
    }
    if (old > 0) {
      LOG.warnf("kept states ignored: %d were last here more than %s ago", old, oldest);
    }
    written = states.changes();
  }

  /**
   * Writes the states if they have changed, or if the file is getting old.
   *
   * @param present the names of the namespaces that are here now
   * @return how long to wait before the next time
   */
  synchronized Duration save(Set<String> present) {
    Instant begin = clock.instant();
    long changes = states.changes();
    if (changes == written && refreshed.plus(REFRESH).isAfter(begin)) {
      return SHORTEST_PAUSE;
    }
    try {
      file.replace(lines(present, begin));
      written = changes;
      refreshed = begin;
      told(null);
    } catch (IOException e) {
      told(e);
    }
    Duration took = Duration.between(begin, clock.instant()).multipliedBy(PART_OF_TIME);
    return took.compareTo(SHORTEST_PAUSE) > 0 ? took : SHORTEST_PAUSE;
  }

  private void told(@Nullable IOException trouble) {
    if (trouble != null && !troubleSaid) {
      LOG.warnf("kept states not written: %s; trying again", Quoted.of(trouble));
    } else if (trouble == null && troubleSaid) {
      LOG.info("kept states are written again");
    }
    troubleSaid = trouble != null;
  }

  private List<String> lines(Set<String> present, Instant now) {
    present.forEach(namespace -> seen.put(namespace, now));
    Map<String, DesiredState> all = states.all();
    seen.keySet().retainAll(all.keySet());
    List<String> lines = new ArrayList<>();
    new TreeMap<>(all)
        .forEach((namespace, state) -> {
          Instant when = seen.computeIfAbsent(namespace, name -> now);
          if (when.plus(oldest).isBefore(now)) {
            states.drop(namespace);
          } else {
            lines.addAll(lines(new Entry(namespace, state, when)));
          }
        });
    return lines;
  }

  private static List<String> lines(Entry entry) {
    Fence fence = entry.state.fence();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.join(
            " ",
            "namespace",
            entry.namespace,
            entry.state.router().toString(),
            fence.installation().toString(),
            Integer.toString(fence.epoch()),
            Long.toString(fence.number()),
            Long.toString(entry.seen.getEpochSecond())));
    for (DesiredHelper helper : entry.state.helpers()) {
      lines.add(
          String.join(
              " ",
              "helper",
              helper.id().toString(),
              Long.toString(helper.revision()),
              helper.spec().type().toString(),
              Integer.toString(helper.spec().port())));
    }
    return lines;
  }

  private static List<Entry> parse(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      String[] words = words(lines.get(at++), "namespace", 7);
      List<DesiredHelper> helpers = new ArrayList<>();
      while (at < lines.size() && lines.get(at).startsWith("helper ")) {
        helpers.add(helper(words(lines.get(at++), "helper", 5)));
      }
      entries.add(entry(words, helpers));
    }
    return entries;
  }

  private static Entry entry(String[] words, List<DesiredHelper> helpers) {
    RouterId router = RouterId.parse(words[2]).orElseThrow(IllegalArgumentException::new);
    boolean named =
        NamespaceName.parse(words[1]).filter(name -> name.router().equals(router)).isPresent();
    if (!named) {
      throw new IllegalArgumentException("a namespace that is not of its router");
    }
    Fence fence =
        new Fence(UUID.fromString(words[3]), Integer.parseInt(words[4]), Long.parseLong(words[5]));
    return new Entry(
        words[1],
        new DesiredState(router, fence, helpers),
        Instant.ofEpochSecond(Long.parseLong(words[6])));
  }

  private static DesiredHelper helper(String[] words) {
    return new DesiredHelper(
        UUID.fromString(words[1]),
        Long.parseLong(words[2]),
        new HelperSpec(HelperCatalog.parse(words[3]), Integer.parseInt(words[4])));
  }

  private static String[] words(String line, String kind, int count) {
    String[] words = line.split(" ", -1);
    if (words.length != count || !words[0].equals(kind)) {
      throw new IllegalArgumentException("a line is not of the form \"%s …\"".formatted(kind));
    }
    return words;
  }
}
