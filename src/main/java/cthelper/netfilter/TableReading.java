package cthelper.netfilter;

import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What {@link HelperTable#read} found in a namespace, all of it at one moment. */
public sealed interface TableReading {

  /** The readings that may be followed by a change; nobody else's table is among them. */
  sealed interface Changeable extends TableReading {

    /** The ruleset's generation at that moment; a change is refused when it has moved. */
    int generation();
  }

  /** There is no table of our name. */
  record Absent(int generation) implements Changeable {}

  /**
   * The table of this installation.
   *
   * @param fence 0.0 when it is lost, the skeleton is damaged then
   * @param assignments which connections get a helper, and the conntrack helper's id for each; what
   *     is neither expressible nor commented as ours is left out, the contents are damaged then
   * @param strangers what others have put into the map: ports that get a helper although nobody
   *     asked this service for it
   * @param objects the helper types that have an object
   */
  record Ours(
      int generation,
      Fence fence,
      SortedMap<HelperSpec, UUID> assignments,
      Set<HelperSpec> strangers,
      Set<HelperType> objects,
      Integrity integrity,
      Ownership ownership)
      implements Changeable {

    public Ours {
      assignments = Collections.unmodifiableSortedMap(new TreeMap<>(assignments));
      strangers = Set.copyOf(strangers);
      objects = Set.copyOf(objects);
    }

    /** Whether the table is as this service makes it, so that the assignments are what counts. */
    public boolean isIntact() {
      return integrity == Integrity.INTACT;
    }
  }

  /**
   * A table of our name that is not of this installation: to be left alone.
   *
   * @param installation whose it is, if its comment says so
   */
  record Foreign(int generation, Optional<UUID> installation) implements TableReading {}

  /** The ruleset changed during each of that many attempts. */
  record Contended(int attempts) implements TableReading {}

  /** The kernel could not or would not tell. */
  record Failed(Errno errno, String detail) implements TableReading {}

  /** How much of our table is as this service makes it. */
  enum Integrity {
    INTACT,
    /** The map holds elements this service does not write; refilling it is enough. */
    CONTENTS_DAMAGED,
    /** Chain, rule, sets, objects or fence are wrong, or others were added: install anew. */
    SKELETON_DAMAGED
  }

  /** Whom the kernel lets change the table. */
  enum Ownership {
    /** Anybody; the table has no flags. */
    NONE,
    /** The socket it was read through. */
    US,
    /** Another socket: every change gives EPERM until that one is closed. */
    OTHERS,
    /** Anybody, until somebody adopts it: it outlived its owner. */
    ORPHANED
  }
}
