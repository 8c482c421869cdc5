package cthelper.netfilter;

import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.netfilter.TableReading.Integrity;
import cthelper.netfilter.TableReading.Ownership;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Judges a snapshot of the kernel's table against {@link TableSchema}. Pure; one per snapshot.
 *
 * <p>Extra chains, sets and objects need no listing: the kernel's use counter of the table covers
 * them. Values are compared, never bytes: attributes come in any order, with new ones among them.
 */
final class TableInspection {

  private static final byte[] NO_KEY = {};

  private final TableSnapshot snapshot;
  private final List<NetlinkAttributes> objects;
  private final UUID installation;
  private final int portId;

  private TableInspection(TableSnapshot snapshot, UUID installation, int portId) {
    this.snapshot = snapshot;
    this.objects = snapshot.objects();
    this.installation = installation;
    this.portId = portId;
  }

  /**
   * What the answers mean; empty when they are of several moments or incomplete, so that one has to
   * ask again.
   *
   * @param installation ours
   * @param portId of the socket through which was asked
   */
  static Optional<TableReading> of(TableSnapshot snapshot, UUID installation, int portId) {
    try {
      Optional<Errno> error = snapshot.error();
      if (error.isPresent()) {
        return Optional.of(new TableReading.Failed(error.get(), "read: " + error.get()));
      }
      return snapshot.isOfOneMoment()
          ? new TableInspection(snapshot, installation, portId).reading()
          : Optional.empty();
    } catch (MalformedNetlinkException e) {
      return Optional.of(new TableReading.Failed(Errno.EBADMSG, "read: " + e.getMessage()));
    }
  }

  private Optional<TableReading> reading() {
    Optional<NetlinkAttributes> table = snapshot.table();
    if (table.isEmpty()) {
      return Optional.of(new TableReading.Absent(snapshot.generation()));
    }
    Optional<UUID> owner =
        table
            .flatMap(attributes -> attributes.find(Nft.TABLE_USER_DATA))
            .flatMap(userData -> NftComment.read(userData.bytes()))
            .flatMap(TableSchema::installation);
    return owner.filter(installation::equals).isPresent()
        ? ours(table.get())
        : Optional.of(new TableReading.Foreign(snapshot.generation(), owner));
  }

  private Optional<TableReading> ours(NetlinkAttributes table) {
    Set<HelperType> types = types();
    Optional<Fence> fence = fence();
    boolean skeleton = fence.isPresent() && isOurSkeleton(table, types);
    Contents contents = contents();
    if (skeleton && contents.keys() != uses()) {
      return Optional.empty();
    }
    return Optional.of(
        new TableReading.Ours(
            snapshot.generation(),
            fence.orElse(new Fence(installation, 0, 0)),
            contents.assignments,
            contents.strangers,
            types,
            integrity(skeleton, contents.strange.isEmpty()),
            ownership(table)));
  }

  private boolean isOurSkeleton(NetlinkAttributes table, Set<HelperType> types) {
    return !hasFlag(table, Nft.FLAG_TABLE_DORMANT)
        && table.get(Nft.TABLE_USE).integer() == TableSchema.uses(types)
        && snapshot.chain().filter(TableInspection::isOurChain).isPresent()
        && snapshot.map().filter(set -> isOfType(TableSchema.MAP_TYPE, set)).isPresent()
        && snapshot.fence().filter(set -> isOfType(TableSchema.FENCE_TYPE, set)).isPresent()
        && isOurRule(snapshot.rules());
  }

  /**
   * The elements of the map, each once.
   *
   * @param strange keys of elements that this service does not write
   * @param strangers what those of them assign that a catalogue entry can say
   */
  private record Contents(
      SortedMap<HelperSpec, UUID> assignments, Set<ByteBuffer> strange, Set<HelperSpec> strangers) {

    int keys() {
      return assignments.size() + strange.size();
    }
  }

  private Contents contents() {
    Contents contents = new Contents(new TreeMap<>(), new HashSet<>(), new HashSet<>());
    for (NetlinkAttributes element : snapshot.mapElements()) {
      byte[] key = key(element);
      Optional<HelperSpec> spec = spec(key, element);
      Optional<UUID> helper = helper(element);
      if (spec.isPresent() && helper.isPresent()) {
        contents.assignments.put(spec.get(), helper.get());
      } else {
        contents.strange.add(ByteBuffer.wrap(key));
        spec.ifPresent(contents.strangers::add);
      }
    }
    return contents;
  }

  /**
   * How many elements use the objects. A set that grew a moment ago may still be moving into a
   * larger hash table; a dump meanwhile shows elements twice or, if it takes several datagrams, not
   * at all. But only elements of the map use the objects of an intact table, and the kernel counts
   * those uses.
   */
  private int uses() {
    int uses = 0;
    for (NetlinkAttributes object : objects) {
      uses += object.get(Nft.OBJECT_USE).integer();
    }
    return uses;
  }

  private static Integrity integrity(boolean skeleton, boolean contents) {
    if (!skeleton) {
      return Integrity.SKELETON_DAMAGED;
    }
    return contents ? Integrity.INTACT : Integrity.CONTENTS_DAMAGED;
  }

  private static boolean hasFlag(NetlinkAttributes table, int flag) {
    return table.find(Nft.TABLE_FLAGS).filter(flags -> (flags.integer() & flag) != 0).isPresent();
  }

  private Ownership ownership(NetlinkAttributes table) {
    Optional<NetlinkAttribute> owner = table.find(Nft.TABLE_OWNER_PORT);
    if (owner.isPresent()) {
      return owner.get().integer() == portId ? Ownership.US : Ownership.OTHERS;
    }
    boolean persists = hasFlag(table, Nft.FLAG_TABLE_PERSIST);
    return persists ? Ownership.ORPHANED : Ownership.NONE;
  }

  private static boolean isOurChain(NetlinkAttributes chain) {
    Optional<NetlinkAttributes> hook = chain.find(Nft.CHAIN_HOOK).map(NetlinkAttribute::nest);
    return hook.isPresent()
        && is(Nft.HOOK_PREROUTING, hook.get().find(Nft.HOOK_NUMBER))
        && is(TableSchema.PRIORITY, hook.get().find(Nft.HOOK_PRIORITY))
        && is(Nft.ACCEPT, chain.find(Nft.CHAIN_POLICY))
        && chain.find(Nft.CHAIN_TYPE).filter(type -> type.string().equals("filter")).isPresent();
  }

  private static boolean isOfType(SetType type, NetlinkAttributes set) {
    return isOrZero(type.flags(), set.find(Nft.SET_FLAGS))
        && is(type.keyType(), set.find(Nft.SET_KEY_TYPE))
        && is(type.keyBytes(), set.find(Nft.SET_KEY_LENGTH))
        && isOrZero(type.objectType().orElse(0), set.find(Nft.SET_OBJECT_TYPE));
  }

  private static boolean isOurRule(List<NetlinkAttributes> rules) {
    return rules.size() == 1
        && TableSchema.RULE.isShownAs(rules.getFirst().get(Nft.RULE_EXPRESSIONS).nest());
  }

  /** Types whose object is right; any other object makes the table's use counter disagree. */
  private Set<HelperType> types() {
    Set<HelperType> types = new HashSet<>();
    for (NetlinkAttributes object : objects) {
      TableSchema.type(object.get(Nft.OBJECT_NAME).string())
          .filter(type -> isObjectOf(type, object))
          .ifPresent(types::add);
    }
    return types;
  }

  private static boolean isObjectOf(HelperType type, NetlinkAttributes object) {
    if (!is(Nft.CT_HELPER, object.find(Nft.OBJECT_TYPE))) {
      return false;
    }
    NetlinkAttributes helper = object.get(Nft.OBJECT_DATA).nest();
    return helper.get(Nft.CT_HELPER_NAME).string().equals(type.kernelName())
        && helper.get(Nft.CT_HELPER_PROTOCOL).octet() == type.protocol().number();
  }

  private Optional<Fence> fence() {
    List<NetlinkAttributes> elements = snapshot.fenceElements();
    if (elements.size() != 1) {
      return Optional.empty();
    }
    byte[] key = key(elements.getFirst());
    if (key.length != TableSchema.FENCE_TYPE.keyBytes()) {
      return Optional.empty();
    }
    ByteBuffer marks = ByteBuffer.wrap(key).order(ByteOrder.nativeOrder());
    int epoch = marks.getInt();
    long number = (long) marks.getInt() << Integer.SIZE | Integer.toUnsignedLong(marks.getInt());
    return epoch < 0 || number < 0
        ? Optional.empty()
        : Optional.of(new Fence(installation, epoch, number));
  }

  /** The conntrack helper an element's comment names. */
  private static Optional<UUID> helper(NetlinkAttributes element) {
    return element
        .find(Nft.ELEMENT_USER_DATA)
        .flatMap(userData -> NftComment.read(userData.bytes()))
        .flatMap(TableSchema::uuid);
  }

  /** The element as a spec, if this service could have written it. */
  private static Optional<HelperSpec> spec(byte[] key, NetlinkAttributes element) {
    Optional<HelperType> type =
        element.find(Nft.ELEMENT_OBJECT).flatMap(object -> TableSchema.type(object.string()));
    if (type.isEmpty() || key.length != TableSchema.MAP_TYPE.keyBytes()) {
      return Optional.empty();
    }
    int port = Short.toUnsignedInt(ByteBuffer.wrap(key).getShort(Integer.BYTES));
    ElementKey written = ElementKey.port(type.get().protocol().number(), port);
    return port >= HelperSpec.MIN_PORT && Arrays.equals(key, written.bytes())
        ? Optional.of(new HelperSpec(type.get(), port))
        : Optional.empty();
  }

  /** Empty for the element that stands for all other keys. */
  private static byte[] key(NetlinkAttributes element) {
    return element
        .find(Nft.ELEMENT_KEY)
        .map(key -> key.nest().get(Nft.DATA_VALUE).bytes())
        .orElse(NO_KEY);
  }

  private static boolean is(int expected, Optional<NetlinkAttribute> shown) {
    return shown.filter(attribute -> attribute.integer() == expected).isPresent();
  }

  /** The kernel leaves some attributes away when they are zero. */
  private static boolean isOrZero(int expected, Optional<NetlinkAttribute> shown) {
    return shown.isPresent() ? is(expected, shown) : expected == 0;
  }
}
