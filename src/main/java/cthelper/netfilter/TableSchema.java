package cthelper.netfilter;

import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What our table consists of. Everything in it is ours, everything outside is not.
 *
 * <pre>
 * table inet conntrack_helpers {
 *   comment "conntrack-helper installation 7c1f…"
 *   ct helper ftp-tcp { type "ftp" protocol tcp; }
 *   map assign {
 *     type inet_proto . inet_service : ct helper
 *     elements = { tcp . 21 comment "&lt;id of the conntrack helper&gt;" : "ftp-tcp" }
 *   }
 *   set fence {
 *     type mark . mark . mark
 *     elements = { epoch . high half . low half of the number }
 *   }
 *   chain prerouting {
 *     type filter hook prerouting priority -150; policy accept;
 *     ct state new ct helper set meta l4proto . th dport map @assign
 *   }
 * }
 * </pre>
 *
 * <p>Why this shape: refilling a named map loses no new connection while replacing a table does; an
 * element is the only thing in a table that can be compared and swapped within a transaction; at
 * priority -150 a connection is known and its port is the one before NAT. Pure.
 */
final class TableSchema {

  static final String TABLE = "conntrack_helpers";
  static final String MAP = "assign";
  static final String FENCE = "fence";
  static final String CHAIN = "prerouting";
  static final int PRIORITY = -150;
  static final SetType MAP_TYPE = SetType.portsToHelpers();
  static final SetType FENCE_TYPE = SetType.marks(3);
  static final HelperRule RULE = new HelperRule(MAP);

  private static final Map<String, HelperType> TYPES =
      HelperCatalog.all().stream()
          .collect(Collectors.toUnmodifiableMap(HelperType::objectName, type -> type));
  private static final String COMMENT = "conntrack-helper installation ";
  private static final int MAP_ID = 1;
  private static final int FENCE_ID = 2;

  private TableSchema() {}

  static String comment(UUID installation) {
    return COMMENT + installation;
  }

  /** The installation a table's comment names. */
  static Optional<UUID> installation(String comment) {
    return comment.startsWith(COMMENT)
        ? uuid(comment.substring(COMMENT.length()))
        : Optional.empty();
  }

  /** The id in its canonical form, which is the only one this service writes. */
  static Optional<UUID> uuid(String text) {
    try {
      UUID uuid = UUID.fromString(text);
      return uuid.toString().equals(text) ? Optional.of(uuid) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The type whose object has this name. */
  static Optional<HelperType> type(String objectName) {
    return Optional.ofNullable(TYPES.get(objectName));
  }

  static SetElement element(Fence fence) {
    return SetElement.of(
        ElementKey.marks(
            fence.epoch(), (int) (fence.number() >>> Integer.SIZE), (int) fence.number()));
  }

  static SetElement element(DesiredHelper helper) {
    return new SetElement(
        ElementKey.port(helper.spec().protocol().number(), helper.spec().port()),
        Optional.of(helper.spec().type().objectName()),
        Optional.of(helper.id().toString()));
  }

  /** The table itself, refused where one of the name is: it would be taken for the new one. */
  static NetlinkRequest table(UUID installation, boolean owner) {
    int flags = owner ? Nft.FLAG_TABLE_OWNER | Nft.FLAG_TABLE_PERSIST : 0;
    return NftChanges.newTable(TABLE, flags, Optional.of(comment(installation))).exclusive();
  }

  /** Everything in the table whatever the helpers are, in the order the kernel needs. */
  static List<NetlinkRequest> skeleton() {
    return List.of(
        NftChanges.newSet(TABLE, MAP, MAP_TYPE, MAP_ID),
        NftChanges.newSet(TABLE, FENCE, FENCE_TYPE, FENCE_ID),
        NftChanges.newPreroutingChain(TABLE, CHAIN, PRIORITY),
        NftChanges.newRule(TABLE, CHAIN, RULE::write));
  }

  /** How many chains, sets and objects the kernel counts in an intact table. */
  static int uses(Set<HelperType> objects) {
    int chains = 1;
    int sets = 2;
    return chains + sets + objects.size();
  }
}
