package cthelper.netfilter;

import static cthelper.netfilter.NetlinkRequest.FLAG_APPEND;
import static cthelper.netfilter.NetlinkRequest.FLAG_CREATE;

import cthelper.model.AddressFamily;
import cthelper.model.HelperType;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Requests that change tables of family {@code inet}. They belong between {@link #batchBegin} and
 * {@link #batchEnd}: the kernel takes a batch as a whole or not at all.
 *
 * <p>None carries EXCL by itself: adding again what exists is a yes that changes nothing, except
 * for {@link #newRule}, which always appends. Pure. Source: {@code nft(8)} for the meaning, {@code
 * linux/netfilter/nf_tables.h} for the layout.
 */
final class NftChanges {

  private NftChanges() {}

  /** A batch that is done whatever happened before. */
  static NetlinkRequest batchBegin() {
    return batch(Nft.BATCH_BEGIN, nothing -> {});
  }

  /** A batch that the kernel refuses (ERESTART) unless the ruleset is still of this generation. */
  static NetlinkRequest batchBegin(int generation) {
    return batch(
        Nft.BATCH_BEGIN, attributes -> attributes.integer(Nft.BATCH_GENERATION, generation));
  }

  /** Commits. Without it a batch is only tried, and leaves nothing. */
  static NetlinkRequest batchEnd() {
    return batch(Nft.BATCH_END, nothing -> {});
  }

  /**
   * Adds a table, or adopts one whose owner is gone when the flags say owner and persist.
   *
   * @param comment for a new table; that of an existing one never changes
   */
  static NetlinkRequest newTable(String table, int flags, Optional<String> comment) {
    return change(
        Nft.NEW_TABLE,
        FLAG_CREATE,
        attributes -> {
          attributes.string(Nft.TABLE_NAME, table).integer(Nft.TABLE_FLAGS, flags);
          comment.ifPresent(text -> attributes.bytes(Nft.TABLE_USER_DATA, NftComment.write(text)));
        });
  }

  /** Deletes a table with everything in it. */
  static NetlinkRequest deleteTable(String table) {
    return change(Nft.DELETE_TABLE, 0, attributes -> attributes.string(Nft.TABLE_NAME, table));
  }

  /** {@code ct helper ftp-tcp { type "ftp" protocol tcp; }}: for every family the kernel has. */
  static NetlinkRequest newHelper(String table, HelperType type) {
    return newHelper(table, type.objectName(), type, Optional.empty());
  }

  /**
   * A ct helper object of any name, which for a probe may insist on one family.
   *
   * @param family refused with ENOENT if the kernel lacks the helper for it
   */
  static NetlinkRequest newHelper(
      String table, String name, HelperType type, Optional<AddressFamily> family) {
    Consumer<NetlinkWriter> helper =
        data -> {
          data.string(Nft.CT_HELPER_NAME, type.kernelName());
          family.ifPresent(only -> data.shortInteger(Nft.CT_HELPER_FAMILY, only.number()));
          data.octet(Nft.CT_HELPER_PROTOCOL, type.protocol().number());
        };
    return change(
        Nft.NEW_OBJECT,
        FLAG_CREATE,
        attributes ->
            attributes
                .string(Nft.OBJECT_TABLE, table)
                .string(Nft.OBJECT_NAME, name)
                .integer(Nft.OBJECT_TYPE, Nft.CT_HELPER)
                .nest(Nft.OBJECT_DATA, helper));
  }

  /** Deletes a ct helper object; EBUSY while an element names it. */
  static NetlinkRequest deleteHelper(String table, String name) {
    return change(
        Nft.DELETE_OBJECT,
        0,
        attributes ->
            attributes
                .string(Nft.OBJECT_TABLE, table)
                .string(Nft.OBJECT_NAME, name)
                .integer(Nft.OBJECT_TYPE, Nft.CT_HELPER));
  }

  /**
   * A named set or map.
   *
   * @param id any number that no other new set of the batch has; the kernel insists on one
   */
  static NetlinkRequest newSet(String table, String set, SetType type, int id) {
    return change(
        Nft.NEW_SET,
        FLAG_CREATE,
        attributes -> {
          attributes
              .string(Nft.SET_TABLE, table)
              .string(Nft.SET_NAME, set)
              .integer(Nft.SET_FLAGS, type.flags())
              .integer(Nft.SET_KEY_TYPE, type.keyType())
              .integer(Nft.SET_KEY_LENGTH, type.keyBytes());
          type.objectType().ifPresent(object -> attributes.integer(Nft.SET_OBJECT_TYPE, object));
          attributes.integer(Nft.SET_ID, id);
        });
  }

  /** {@code type filter hook prerouting priority …; policy accept;}. */
  static NetlinkRequest newPreroutingChain(String table, String chain, int priority) {
    return change(
        Nft.NEW_CHAIN,
        FLAG_CREATE,
        attributes ->
            attributes
                .string(Nft.CHAIN_TABLE, table)
                .string(Nft.CHAIN_NAME, chain)
                .nest(
                    Nft.CHAIN_HOOK,
                    hook ->
                        hook.integer(Nft.HOOK_NUMBER, Nft.HOOK_PREROUTING)
                            .integer(Nft.HOOK_PRIORITY, priority))
                .integer(Nft.CHAIN_POLICY, Nft.ACCEPT)
                .string(Nft.CHAIN_TYPE, "filter"));
  }

  /** Appends a rule of these expressions to the chain. */
  static NetlinkRequest newRule(String table, String chain, Consumer<NetlinkWriter> expressions) {
    return change(
        Nft.NEW_RULE,
        FLAG_CREATE | FLAG_APPEND,
        attributes ->
            attributes
                .string(Nft.RULE_TABLE, table)
                .string(Nft.RULE_CHAIN, chain)
                .nest(Nft.RULE_EXPRESSIONS, expressions));
  }

  static NetlinkRequest newElements(String table, String set, List<SetElement> elements) {
    return change(
        Nft.NEW_ELEMENTS, FLAG_CREATE, attributes -> elements(attributes, table, set, elements));
  }

  /** Deletes these elements; ENOENT when one is missing. */
  static NetlinkRequest deleteElements(String table, String set, List<SetElement> elements) {
    return change(Nft.DELETE_ELEMENTS, 0, attributes -> elements(attributes, table, set, elements));
  }

  /** Deletes all elements, if there are any. */
  static NetlinkRequest flush(String table, String set) {
    return change(
        Nft.DELETE_ELEMENTS,
        0,
        attributes -> attributes.string(Nft.LIST_TABLE, table).string(Nft.LIST_SET, set));
  }

  private static void elements(
      NetlinkWriter attributes, String table, String set, List<SetElement> elements) {
    attributes
        .string(Nft.LIST_TABLE, table)
        .string(Nft.LIST_SET, set)
        .nest(Nft.LIST_ELEMENTS, list -> elements.forEach(element -> element.write(list)));
  }

  private static NetlinkRequest change(int message, int flags, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(Nft.type(message), flags, Nft.INET, 0, content);
  }

  private static NetlinkRequest batch(int type, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(type, 0, Nft.ANY_FAMILY, Nft.SUBSYSTEM, content);
  }
}
