package cthelper.netfilter;

import static java.util.Map.entry;

import cthelper.model.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one commit did to our table, in a few words however much it was, and whether it did anything
 * elsewhere. Example: {@code deleted rule of chain prerouting, deleted element of assign (5)}. Used
 * by one thread.
 */
final class TableChanges {

  private static final int MOST_KINDS = 8;

  /**
   * @param what happened to which kind of thing
   * @param name the attribute that names it, or what holds it
   */
  private record Kind(String what, int name) {}

  /** The kernel says NEW also of what was there before and was only changed. */
  private static final Map<Integer, Kind> KINDS =
      Map.ofEntries(
          entry(Nft.NEW_CHAIN, new Kind("added or changed chain ", Nft.CHAIN_NAME)),
          entry(Nft.DELETE_CHAIN, new Kind("deleted chain ", Nft.CHAIN_NAME)),
          entry(Nft.NEW_RULE, new Kind("added rule to chain ", Nft.RULE_CHAIN)),
          entry(Nft.DELETE_RULE, new Kind("deleted rule of chain ", Nft.RULE_CHAIN)),
          entry(Nft.NEW_SET, new Kind("added or changed set ", Nft.SET_NAME)),
          entry(Nft.DELETE_SET, new Kind("deleted set ", Nft.SET_NAME)),
          entry(Nft.NEW_ELEMENTS, new Kind("added element to ", Nft.LIST_SET)),
          entry(Nft.DELETE_ELEMENTS, new Kind("deleted element of ", Nft.LIST_SET)),
          entry(Nft.NEW_OBJECT, new Kind("added or changed object ", Nft.OBJECT_NAME)),
          entry(Nft.DELETE_OBJECT, new Kind("deleted object ", Nft.OBJECT_NAME)),
          entry(Nft.NEW_FLOWTABLE, new Kind("added or changed flowtable ", Nft.FLOWTABLE_NAME)),
          entry(Nft.DELETE_FLOWTABLE, new Kind("deleted flowtable ", Nft.FLOWTABLE_NAME)));

  private static final String DELETED_TABLE = "deleted table";
  private static final String ADDED_TABLE = "added or changed table";
  private static final String SOMETHING = "did something this service does not know";

  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private boolean deletedTable;
  private boolean addedTable;
  private int more;
  private boolean elsewhere;

  /**
   * @throws MalformedNetlinkException when it does not say what it is about
   */
  void add(NetlinkMessage message) {
    NetlinkAttributes attributes = message.attributes();
    if (message.family() != Nft.INET
        || !attributes.get(Nft.ANY_TABLE).string().equals(TableSchema.TABLE)) {
      elsewhere = true;
      return;
    }
    int what = message.type() & 0xff;
    switch (what) {
      case Nft.NEW_TABLE -> addedTable = true;
      case Nft.DELETE_TABLE -> deletedTable = true;
      default -> count(words(KINDS.get(what), attributes));
    }
  }

  /** Empty when the table was not touched; the table itself first, then in the kernel's order. */
  List<String> toOurTable() {
    List<String> words = new ArrayList<>();
    if (deletedTable) {
      words.add(DELETED_TABLE);
    }
    if (addedTable) {
      words.add(ADDED_TABLE);
    }
    counts.forEach((what, count) -> words.add(count == 1 ? what : what + " (" + count + ")"));
    if (more > 0) {
      words.add(more + " more");
    }
    return words;
  }

  boolean elsewhere() {
    return elsewhere;
  }

  private void count(String what) {
    if (counts.containsKey(what) || counts.size() < MOST_KINDS) {
      counts.merge(what, 1, Integer::sum);
    } else {
      more++;
    }
  }

  private static String words(@Nullable Kind kind, NetlinkAttributes of) {
    return kind == null ? SOMETHING : kind.what + Quoted.of(of.get(kind.name).string());
  }
}
