package cthelper.netfilter;

import cthelper.model.AddressFamily;
import cthelper.model.Quoted;

/**
 * The identity of an nftables table, for example {@code ip raw}.
 *
 * @param family an NFPROTO number
 */
record NftTable(int family, String name) {

  static final NftTable OURS = new NftTable(Nft.INET, TableSchema.TABLE);

  /** The connections a thing of this family can concern; {@code inet} and none mean both. */
  static Scope scope(int family) {
    for (AddressFamily one : AddressFamily.values()) {
      if (one.number() == family) {
        return Scope.of(one);
      }
    }
    return Scope.EVERYTHING;
  }

  /** Whether it sees packets of connections that ours sees. */
  boolean isOfIp() {
    return family == Nft.INET || !scope(family).equals(Scope.EVERYTHING);
  }

  /** As nft(8) says it; a strange name is quoted. */
  @Override
  public String toString() {
    String familyName =
        switch (family) {
          case Nft.INET -> "inet";
          case Nft.IPV4 -> "ip";
          case Nft.IPV6 -> "ip6";
          default -> "family " + family;
        };
    return familyName + " " + Quoted.of(name);
  }
}
