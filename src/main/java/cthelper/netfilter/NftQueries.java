package cthelper.netfilter;

import static cthelper.netfilter.NetlinkRequest.FLAG_DUMP;

import java.util.function.Consumer;

/**
 * Questions about tables, asked outside of a batch; a table named by text alone is of family {@code
 * inet}.
 *
 * <p>A single question is answered by one message or an error; a dump by any number of messages and
 * DONE, or an error. Several single questions and at most one dump, the last, may be sent together.
 * Pure. Source: {@code linux/netfilter/nf_tables.h}.
 */
final class NftQueries {

  private NftQueries() {}

  /** The number that every commit in the network namespace raises. */
  static NetlinkRequest generation() {
    return NetlinkRequest.of(Nft.type(Nft.GET_GENERATION), 0, Nft.ANY_FAMILY, 0, nothing -> {});
  }

  static NetlinkRequest table(String table) {
    return single(Nft.GET_TABLE, attributes -> attributes.string(Nft.TABLE_NAME, table));
  }

  static NetlinkRequest chain(String table, String chain) {
    return single(
        Nft.GET_CHAIN,
        attributes -> attributes.string(Nft.CHAIN_TABLE, table).string(Nft.CHAIN_NAME, chain));
  }

  static NetlinkRequest set(String table, String set) {
    return single(
        Nft.GET_SET,
        attributes -> attributes.string(Nft.SET_TABLE, table).string(Nft.SET_NAME, set));
  }

  /** Dump: every rule of the table. */
  static NetlinkRequest rules(String table) {
    return rules(new NftTable(Nft.INET, table));
  }

  /** Dump: every object of the table, whatever its type. */
  static NetlinkRequest objects(String table) {
    return objects(new NftTable(Nft.INET, table));
  }

  /** Dump: every element of the set; an empty message at the end is normal. */
  static NetlinkRequest elements(String table, String set) {
    return dump(
        Nft.GET_ELEMENTS,
        Nft.INET,
        attributes -> attributes.string(Nft.LIST_TABLE, table).string(Nft.LIST_SET, set));
  }

  /** Dump: every table of the namespace. */
  static NetlinkRequest tables() {
    return dump(Nft.GET_TABLE, Nft.ANY_FAMILY, nothing -> {});
  }

  /** Dump: every chain of the namespace. */
  static NetlinkRequest chains() {
    return dump(Nft.GET_CHAIN, Nft.ANY_FAMILY, nothing -> {});
  }

  /** Dump: every rule of the table, chain by chain, in order. */
  static NetlinkRequest rules(NftTable table) {
    return dump(
        Nft.GET_RULE,
        table.family(),
        attributes -> attributes.string(Nft.RULE_TABLE, table.name()));
  }

  /** Dump: every object of the table, whatever its type. */
  static NetlinkRequest objects(NftTable table) {
    return dump(
        Nft.GET_OBJECT,
        table.family(),
        attributes -> attributes.string(Nft.OBJECT_TABLE, table.name()));
  }

  /** Dump: every set and map of the table, without elements. */
  static NetlinkRequest sets(NftTable table) {
    return dump(
        Nft.GET_SET, table.family(), attributes -> attributes.string(Nft.SET_TABLE, table.name()));
  }

  private static NetlinkRequest single(int message, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(Nft.type(message), 0, Nft.INET, 0, content);
  }

  private static NetlinkRequest dump(int message, int family, Consumer<NetlinkWriter> content) {
    return NetlinkRequest.of(Nft.type(message), FLAG_DUMP, family, 0, content);
  }
}
